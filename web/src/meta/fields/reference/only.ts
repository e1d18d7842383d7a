// Which records a reference may point to, as the field says it: the contacts of the
// customer that the form names.
import type { Field } from '@/api/types';
import { refs } from '.';

/** The filter of what may be chosen; none while the field that it depends on is empty. */
export function onlyOf(field: Field, row: Record<string, unknown> | undefined): string | undefined {
  let isWhole = true;
  const filter = field.settings?.only?.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = row?.[key];
    const text = typeof value === 'string' ? value : refs(value)[0]?.id;
    if (!text) isWhole = false;
    return JSON.stringify(text ?? '');
  });
  return filter && isWhole ? filter : undefined;
}
