// What can be said about a form before it is sent. The server says the rest.
import type { Field } from '@/api/types';
import { isDate } from '@/lib/dates';
import { equal } from '@/lib/equal';
import { isEmpty, writeValue } from '../fields';
import { fileRefs, isPending } from '../fields/file';

export type Values = Record<string, unknown>;

const decimals = new Set(['decimal', 'money', 'percent']);

/** The key of the text that says what is wrong with a value, or undefined. */
export function fault(field: Field, value: unknown, isRequired = field.required): string | undefined {
  if (field.type === 'file' && fileRefs(value).some(isPending)) return 'file.on_its_way';
  if (isEmpty(value)) return isRequired && field.type !== 'switch' ? 'form.error.required' : undefined;
  if (field.type === 'number' && typeof value !== 'number') return 'form.error.number';
  if (decimals.has(field.type) && !/^-?\d+(\.\d+)?$/.test(String(value))) return 'form.error.decimal';
  if (field.type === 'date' && !isDate(String(value))) return 'form.error.date';
  if (field.type === 'time' && !/^\d{2}:\d{2}(:\d{2})?$/.test(String(value))) return 'form.error.time';
  if (field.type === 'instant' && Number.isNaN(Date.parse(String(value)))) return 'form.error.date';
  return undefined;
}

/** What a save sends: the fields whose written form differs from the stored one. */
export function changes(fields: Field[], before: Values, after: Values): Values {
  const found: Values = {};
  for (const field of fields) {
    const written = writeValue(field, after[field.key]);
    if (!equal(written, writeValue(field, before[field.key]))) found[field.key] = written;
  }
  return found;
}
