// When a field is shown and when it must be filled: conditions over the other
// fields of the record, which the server writes in the JSON form of filters. What
// they mean here and there is held together by
// internal/model/entity/testdata/conditions.json.
import type { Field } from '@/api/types';
import { isEmpty } from './fields';

type Values = Record<string, unknown>;

/** A condition as the metadata has it. */
export type Condition =
  | { and: Condition[] }
  | { or: Condition[] }
  /** value is a list for in, between and under; folded texts are compared by their keys. */
  | { field: string; op: string; value?: unknown; folded?: boolean };

type Comparison = Extract<Condition, { field: string }>;

const positive: Record<string, string> = {
  '!=': '==',
  'not in': 'in',
  'not contains': 'contains',
  'not starts_with': 'starts_with',
  'not under': 'under',
  'is null': 'is not null',
};

/** The fields that a condition looks at. */
export function lookedAt(condition: Condition): string[] {
  if ('field' in condition) return [condition.field];
  return ('and' in condition ? condition.and : condition.or).flatMap(lookedAt);
}

/** Whether a condition holds of the values that a record has or would have. */
export function holds(condition: Condition, fields: Map<string, Field>, values: Values): boolean {
  if ('and' in condition) return condition.and.every((kid) => holds(kid, fields, values));
  if ('or' in condition) return condition.or.some((kid) => holds(kid, fields, values));
  const field = fields.get(condition.field);
  const op = positive[condition.op];
  const found = [values[condition.field] ?? []]
    .flat()
    .some((value) => !isEmpty(value) && matches(field, { ...condition, op: op ?? condition.op }, value));
  return op === undefined ? found : !found;
}

function matches(field: Field | undefined, { op, value, folded }: Comparison, given: unknown): boolean {
  if (op === 'is not null') return true;
  const operands = [value].flat();
  if (op === 'contains' || op === 'starts_with' || op === 'under') {
    const text = folded ? keyOf(String(given)) : plain(field, given);
    const parts = operands.map(String);
    return parts.some((part) => (op === 'contains' ? text.includes(part) : text.startsWith(part)));
  }
  const own = measure(field, given);
  if (own === undefined) return false;
  const others = operands.map((one) => measure(field, one));
  const [low, high] = others;
  switch (op) {
    case '==':
    case 'in':
      return others.includes(own);
    case '<':
      return low !== undefined && own < low;
    case '<=':
      return low !== undefined && own <= low;
    case '>':
      return low !== undefined && own > low;
    case '>=':
      return low !== undefined && own >= low;
    case 'between':
      return low !== undefined && high !== undefined && own >= low && own <= high;
    case 'not between':
      return low !== undefined && high !== undefined && (own < low || own > high);
  }
  return false;
}

const figures = new Set(['number', 'decimal', 'money', 'percent']);

/** A value as it is compared; undefined for what is no value yet, half typed. */
function measure(field: Field | undefined, value: unknown): string | bigint | boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (field && figures.has(field.type)) return exact(String(value));
  const text = plain(field, value);
  return field?.type === 'time' && text.length === 5 ? `${text}:00` : text;
}

/** The text of a value: of a reference its id, of a mail address without the case of letters. */
function plain(field: Field | undefined, value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'id' in value ? String(value.id) : '';
  const text = String(value);
  return field?.type === 'email' ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
}

/** A decimal in millionths, as the server keeps it. */
function exact(text: string): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d{1,6})\d*)?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '0', part = ''] = match;
  const n = BigInt(whole + part.padEnd(6, '0'));
  return sign ? -n : n;
}

/** What folded texts are compared by: width, case, blanks and invisible signs do not count. */
function keyOf(text: string): string {
  const lower = [...text.normalize('NFKC')].map((sign) => (sign === 'İ' ? 'i' : sign.toLowerCase())).join('');
  return lower.replace(/[\s\p{Z}\p{Cc}\p{Cf}]|\ufe0f/gu, '').normalize('NFKC');
}

/** What a form asks for as it stands. */
export interface Asked {
  /** Whether a field is shown. */
  isShown(field: Field): boolean;
  /** Whether a field must be filled. */
  isRequired(field: Field): boolean;
}

/**
 * What the conditions of fields make of values. A field that is not shown is
 * saved with what it had before, so it counts with that (before).
 */
export function askedOf(fields: Field[], values: Values, before: Values = values): Asked {
  const known = new Map(fields.map((field) => [field.key, field]));
  const shown = new Map<string, boolean>();
  const isShown = (field: Field): boolean => {
    const told = shown.get(field.key);
    if (told !== undefined) return told;
    shown.set(field.key, true);
    const is =
      !field.visible_when ||
      holds(field.visible_when as Condition, known, counted(field.visible_when as Condition));
    shown.set(field.key, is);
    return is;
  };
  const counted = (condition: Condition): Values => {
    if ('and' in condition) return Object.assign({}, ...condition.and.map(counted));
    if ('or' in condition) return Object.assign({}, ...condition.or.map(counted));
    const field = known.get(condition.field);
    const from = field && !isShown(field) ? before : values;
    return { [condition.field]: from[condition.field] };
  };
  return {
    isShown,
    isRequired: (field) =>
      isShown(field) &&
      (field.required ||
        Boolean(
          field.required_when &&
            holds(field.required_when as Condition, known, counted(field.required_when as Condition)),
        )),
  };
}
