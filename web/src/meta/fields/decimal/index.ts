import { decimalText, moneyText } from '@/lib/format';
import type { FieldType } from '../types';

export const decimal: FieldType = {
  text: (value: string, context) => {
    const { digits = 0, amount } = context.field.settings ?? {};
    const isAmount = amount?.in.includes(String(context.row?.[amount.field]));
    // Amounts of the company's own currency: whole ones say no fraction, others no half of one.
    if (isAmount) return moneyText(/\.\d$/.test(value) ? `${value}0` : value, context, context.own);
    return decimalText(value, digits);
  },
  isFigure: true,
  width: 120,
  filter: 'number',
};
