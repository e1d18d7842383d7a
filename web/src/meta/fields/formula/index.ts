import { date } from '../date';
import { decimal } from '../decimal';
import { money } from '../money';
import { number } from '../number';
import { percent } from '../percent';
import { switchType } from '../switch';
import { text } from '../text';
import type { FieldType } from '../types';

const results: Record<string, FieldType> = {
  number,
  decimal,
  money,
  percent,
  date,
  switch: switchType,
  text,
};

/** Reads like the type of its result. */
export const formula: FieldType = {
  text: (value: never, context) => {
    const result = results[context.field.settings?.result || 'decimal'] ?? text;
    return typeof value === 'object'
      ? ''
      : result.text((result === text ? String(value) : value) as never, context);
  },
  width: 130,
  filter: 'none',
};
