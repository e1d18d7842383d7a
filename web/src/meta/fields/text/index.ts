import type { FieldType } from '../types';

export const text: FieldType = {
  text: (value: string) => value.replace(/\s+/g, ' '),
  width: 180,
  filter: 'text',
};
