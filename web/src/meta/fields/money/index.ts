import { moneyText } from '@/lib/format';
import type { FieldType } from '../types';

export const money: FieldType = {
  text: (value: string, context) => {
    const currency = context.row?.[context.field.settings?.currency || 'currency'];
    return moneyText(
      value,
      context,
      typeof currency === 'string' ? currency : null,
      context.field.settings?.minor ?? 2,
    );
  },
  isFigure: true,
  width: 140,
  filter: 'number',
};
