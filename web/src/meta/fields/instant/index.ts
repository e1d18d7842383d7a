import { instantText } from '@/lib/format';
import type { FieldType } from '../types';

export const instant: FieldType = {
  text: (value: string, context) => instantText(value, context),
  width: 148,
  filter: 'date',
};
