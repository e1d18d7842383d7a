import { decimalText } from '@/lib/format';
import type { FieldType } from '../types';

export const decimal: FieldType = {
  text: (value: string, { field }) => decimalText(value, field.settings?.digits ?? 0),
  isFigure: true,
  width: 120,
  filter: 'number',
};
