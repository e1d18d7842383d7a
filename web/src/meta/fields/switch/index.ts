import type { FieldType } from '../types';

export const switchType: FieldType = {
  text: (value: boolean, { t }) => t(value ? 'form.yes' : 'form.no'),
  width: 90,
  filter: 'switch',
};
