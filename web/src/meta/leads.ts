// Fields that follow from another one: another product has another name and price.
// They are emptied when it changes, and taken from what the server answers.
import type { Field } from '@/api/types';
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
