import { choice, codes, optionOf } from '../choice';
import type { FieldType } from '../types';

export const tree_choice: FieldType = {
  ...choice,
  marks: undefined,
  // The way from the root: 工业 / 机械.
  text: (value: unknown, { field, label, t }) =>
    codes(value)
      .map((code) => {
        const steps: string[] = [];
        for (let at = optionOf(field, code), left = 20; at && left > 0; left--) {
          steps.unshift(label(at.label));
          at = at.parent ? optionOf(field, at.parent) : undefined;
        }
        return steps.join(' / ') || code;
      })
      .join(t('list.separator')),
  width: 160,
};
