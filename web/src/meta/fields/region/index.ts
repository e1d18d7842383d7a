import type { FieldType } from '../types';

export const region: FieldType = {
  text: (value: string, context) => context.region(value),
  width: 176,
  filter: 'region',
};
