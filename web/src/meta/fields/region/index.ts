import type { FieldType } from '../types';

export const region: FieldType = {
  text: (value: string, context) => context.region(value),
  width: 164,
  filter: 'region',
};
