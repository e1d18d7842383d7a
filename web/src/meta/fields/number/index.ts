import { decimalText } from '@/lib/format';
import type { FieldType } from '../types';

export const number: FieldType = {
  text: (value: number) => decimalText(value),
  isFigure: true,
  width: 110,
  filter: 'number',
};
