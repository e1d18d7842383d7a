import { dateText } from '@/lib/format';
import type { FieldType } from '../types';

export const date: FieldType = {
  text: (value: string, context) => dateText(value, context),
  width: 112,
  filter: 'date',
};
