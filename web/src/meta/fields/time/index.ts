import { timeText } from '@/lib/format';
import type { FieldType } from '../types';

export const time: FieldType = {
  text: (value: string) => timeText(value),
  width: 90,
  filter: 'time',
};
