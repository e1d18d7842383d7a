import { moneyText } from '@/lib/format';
import type { FieldType } from '../types';

export const money: FieldType = {
  text: (value: string, context) => {
    if (context.field.settings?.base) return moneyText(value, context, context.own);
    const currency = context.row?.[context.field.settings?.currency || 'currency'];
    return moneyText(value, context, typeof currency === 'string' ? currency : null);
  },
  isFigure: true,
  width: 140,
  filter: 'number',
};
