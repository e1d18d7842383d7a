// Fields that follow from another one: another product has another name and price.
// They are emptied when it changes, and taken from what the server answers.
import type { Field } from '@/api/types';
import { equal } from '@/lib/equal';
import { isEmpty } from './fields';
import type { Values } from './form/validate';

/** The fields that a field leads, by key. */
export const leadsOf = (field: Field): string[] => field.settings?.leads ?? [];

/** Whether a field is led by another one that is filled in: the server fills it too. */
export function isLed(fields: Field[], key: string, values: Values): boolean {
  return fields.some((field) => leadsOf(field).includes(key) && !isEmpty(values[field.key]));
}

/** The values of the fields that a field leads, emptied. */
export function emptied(field: Field): Values {
  return Object.fromEntries(leadsOf(field).map((key) => [key, null]));
}

/**
 * What an answer of the server says of led fields of a line: what was left to the
 * server, and figures that it would not keep as they were sent.
 */
export function followed(fields: Field[], sent: Values, line: Values, answer: Values | undefined): Values {
  const found: Values = {};
  if (!answer) return found;
  for (const field of fields) {
    const value = answer[field.key];
    if (!(field.key in answer) || !isLed(fields, field.key, line) || field.read_only) continue;
    const isNews = isEmpty(sent[field.key])
      ? !equal(value ?? null, line[field.key] ?? null)
      : differ(value, sent[field.key]);
    if (isNews) found[field.key] = value ?? null;
  }
  return found;
}

const figure = /^-?\d+(\.\d+)?$/;

/** Whether two values are different figures, however their decimals are written. */
function differ(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || !figure.test(a) || !figure.test(b)) return false;
  const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  return plain(a) !== plain(b);
}

/** What an answer of the server fills in: led fields that are empty. */
export function filled(fields: Field[], values: Values, answer: Values | undefined): Values {
  const found: Values = {};
  if (!answer) return found;
  for (const field of fields) {
    const value = answer[field.key];
    if (isEmpty(values[field.key]) && !isEmpty(value) && isLed(fields, field.key, values))
      found[field.key] = value;
  }
  return found;
}
