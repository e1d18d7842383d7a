// Which comparisons a field offers, and how a filter reads in words.
import type { Field } from '@/api/types';
import {
  type Call,
  type Clause,
  type Filter,
  isCall,
  isGroup,
  type Literal,
  type Operator,
} from '@/lib/filter';
import type { Contexts } from '../context';
import { typeOf, valueText } from '../fields';
import type { FilterKind } from '../fields/types';

const empties: Operator[] = ['is_null', 'is_not_null'];
const order: Operator[] = ['>=', '>', '<=', '<', '==', '!=', 'between', 'not_between', ...empties];
const operators: Record<FilterKind, Operator[]> = {
  text: [
    'contains',
    'not_contains',
    '==',
    '!=',
    'starts_with',
    'not_starts_with',
    'in',
    'not_in',
    ...empties,
  ],
  number: order,
  date: ['==', '!=', '>=', '>', '<=', '<', 'between', 'not_between', ...empties],
  time: order,
  choice: ['in', 'not_in', 'under', 'not_under', ...empties],
  reference: ['in', 'not_in', 'under', 'not_under', '==', '!=', ...empties],
  region: ['under', 'not_under', ...empties],
  switch: ['=='],
  none: [],
};

/** The operators offered for a field: those of its kind that the server takes. */
export function operatorsOf(field: Field): Operator[] {
  const allowed = new Set(field.filter_ops?.map((op) => op.replaceAll(' ', '_')) ?? []);
  if (allowed.has('is_null')) allowed.add('is_not_null');
  const { filter } = typeOf(field);
  return operators[filter].filter((op) => {
    // One of several says it already; only where there is no "one of" it is needed.
    if (filter === 'reference' && (op === '==' || op === '!=') && allowed.has('in')) return false;
    return allowed.has(op);
  });
}

export function filterable(fields: Field[]): Field[] {
  return fields.filter((field) => field.access !== 'masked' && operatorsOf(field).length > 0);
}

/** A stretch of time by name. With days it is so many days long, chosen by the reader. */
export interface Preset {
  key: string;
  days?: number;
  clause(field: string, days: number): Clause;
}

const call = (fn: string, ...args: number[]): Call => ({ fn, args });
const at = (n: number): Call => (n === 0 ? call('today') : call('days', n));

const whole = (key: string, fn: string, n: number): Preset => ({
  key,
  clause: (field) => ({
    field,
    op: 'within',
    value: [n === 0 ? call(fn) : call(fn, n), n + 1 === 0 ? call(fn) : call(fn, n + 1)],
  }),
});
const day = (key: string, n: number): Preset => ({
  key,
  clause: (field) => ({ field, op: '==', value: at(n) }),
});

export const presets: Preset[] = [
  day('today', 0),
  day('yesterday', -1),
  day('tomorrow', 1),
  whole('this_week', 'week_start', 0),
  whole('last_week', 'week_start', -1),
  whole('next_week', 'week_start', 1),
  whole('this_month', 'month_start', 0),
  whole('last_month', 'month_start', -1),
  whole('next_month', 'month_start', 1),
  whole('this_quarter', 'quarter_start', 0),
  whole('last_quarter', 'quarter_start', -1),
  whole('this_year', 'year_start', 0),
  whole('last_year', 'year_start', -1),
  {
    key: 'last_days',
    days: 7,
    clause: (field, days) => ({ field, op: 'between', value: [at(1 - days), at(0)] }),
  },
  {
    key: 'next_days',
    days: 7,
    clause: (field, days) => ({ field, op: 'between', value: [at(0), at(days - 1)] }),
  },
  { key: 'older_than', days: 30, clause: (field, days) => ({ field, op: '<', value: at(-days) }) },
  { key: 'past', clause: (field) => ({ field, op: '<', value: at(0) }) },
  { key: 'future', clause: (field) => ({ field, op: '>', value: at(0) }) },
];

/** The preset that a clause is, with its number of days. */
export function presetOf(clause: Clause): { preset: Preset; days: number } | undefined {
  const values = [clause.value].flat();
  if (!values.some(isCall)) return undefined;
  const numbers = values.flatMap((value) => (isCall(value) && value.fn === 'days' ? value.args : []));
  const same = JSON.stringify({ field: clause.field, op: clause.op, value: clause.value });
  for (const preset of presets) {
    for (const days of preset.days ? [Math.abs(numbers[0] ?? 0), Math.abs(numbers[0] ?? 0) + 1] : [0]) {
      if (days < (preset.days ? 1 : 0)) continue;
      if (JSON.stringify(preset.clause(clause.field, days)) === same) return { preset, days };
    }
  }
  return undefined;
}

/** What a comparison is called; days come before and after, they are not less or more. */
export function operatorName(op: Operator, field: Field, t: Contexts['t']): string {
  const isOrder = op === '<' || op === '<=' || op === '>' || op === '>=';
  return t(isOrder && typeOf(field).filter === 'date' ? `filter.day.${op}` : `filter.op.${op}`);
}

/** What words a filter needs: names of fields and of the records that it names by id. */
export interface FilterWords {
  contexts: Contexts;
  fields: Map<string, Field>;
  refLabel(id: string): string;
}

/** How a chip reads after the field's name: "is one of 潜在, 成交". */
export function clauseWords(clause: Clause, field: Field, { contexts, refLabel }: FilterWords): string {
  const { t } = contexts;
  const found = presetOf(clause);
  if (found) return t(`filter.preset.${found.preset.key}`, { count: found.days });
  const op = operatorName(clause.op, field, t);
  if (clause.op === 'is_null' || clause.op === 'is_not_null') return op;
  const values = [clause.value].flat().map((value) => literalWords(value, field, contexts, refLabel));
  const [from, to] = values;
  if (clause.op === 'between') return t('filter.between', { from, to });
  if (clause.op === 'not_between') return t('filter.not_between', { from, to });
  if (clause.op === 'within') return t('filter.within', { from, to });
  return `${op} ${values.join(t('list.separator'))}`;
}

/** A whole filter in one line: "status is 成交 or (owner is me and …)". */
export function filterWords(filter: Filter, words: FilterWords, isInside = false): string {
  const { t, label } = words.contexts;
  if (!isGroup(filter)) {
    const field = words.fields.get(filter.field);
    return field ? `${label(field.label)} ${clauseWords(filter, field, words)}` : filter.field;
  }
  const kids = filter.kids.map((kid) => filterWords(kid, words, true));
  if (filter.joint === 'none') return t('filter.none_of', { list: kids.join(t('filter.joint.or')) });
  const text = kids.join(t(`filter.joint.${filter.joint}`));
  return isInside && kids.length > 1 ? t('filter.brackets', { text }) : text;
}

function literalWords(
  value: Literal,
  field: Field,
  contexts: Contexts,
  refLabel: (id: string) => string,
): string {
  const { t } = contexts;
  if (isCall(value)) return callWords(value, t);
  if (typeOf(field).filter === 'reference') return refLabel(String(value));
  const plain = { ...field, settings: { ...field.settings, many: false } };
  // A day compared with a moment is written as the day that it is.
  const type = field.type === 'instant' && /^\d{4}-\d\d-\d\d$/.test(String(value)) ? 'date' : field.type;
  return valueText(value, { ...contexts, field: { ...plain, type } });
}

export function callWords({ fn, args }: Call, t: Contexts['t']): string {
  const n = args[0] ?? 0;
  if (fn === 'days' || fn === 'hours') {
    const way = n < 0 ? 'ago' : 'ahead';
    return t(`filter.call.${fn}_${way}`, { count: Math.abs(n) });
  }
  if (n === 0) return t(`filter.call.${fn}`);
  return t('filter.call.moved', { what: t(`filter.call.${fn}`), n: n > 0 ? `+${n}` : `−${-n}` });
}

/** The ids of records that a filter names, each with its field. */
export function namedIn(filter: Filter, fields: Map<string, Field>): { field: Field; id: string }[] {
  if (isGroup(filter)) return filter.kids.flatMap((kid) => namedIn(kid, fields));
  const field = fields.get(filter.field);
  if (!field || typeOf(field).filter !== 'reference') return [];
  return [filter.value].flat().flatMap((id) => (typeof id === 'string' ? [{ field, id }] : []));
}
