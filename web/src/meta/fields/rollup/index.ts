import { date } from '../date';
import { formula } from '../formula';
import { instant } from '../instant';
import type { FieldType } from '../types';

/** Reads like what it was made of: the last of moments or days, else a figure. */
export const rollup: FieldType = {
  ...formula,
  text: (value: never, context) => {
    const text = String(value);
    if (/^\d{4}-\d\d-\d\dT/.test(text)) return instant.text(value, context);
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return date.text(value, context);
    return formula.text(value, context);
  },
  isFigure: true,
  width: 120,
};
