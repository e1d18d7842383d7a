// One line by itself, as a value to choose in a conflict.
import { valueText } from '../fields';
import type { FieldType } from '../fields/types';
import { isRaw, type Line, type LinesField } from './lines';

/** null is a line that was deleted. */
export interface OneLine {
  line: Line | null;
}

const oneLine: FieldType = {
  text: (value: OneLine, context) => {
    const { line: one } = value;
    if (!one) return context.t('lines.gone');
    return (context.field as LinesField).columns
      .map((column) => {
        const held = one[column.key];
        if (isRaw(held)) return held.raw;
        return held === false ? '' : valueText(held, { ...context, field: column, row: one });
      })
      .filter((text) => text !== '')
      .join(' · ');
  },
  width: 140,
  filter: 'none',
};

/** A field that holds just the line of a group that stands under an id. */
export function oneLineField(field: LinesField, id: string): LinesField {
  return { ...field, key: `${field.key}#${id}`, type: 'line', own: oneLine };
}
