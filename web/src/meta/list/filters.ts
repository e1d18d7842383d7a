// Which comparisons a field offers in the filter chips, and how a chip reads.
import type { Field } from '@/api/types';
import { type Call, type Clause, isCall, type Literal, type Operator } from '@/lib/filter';
import type { Contexts } from '../context';
import { typeOf, valueText } from '../fields';
import type { FilterKind } from '../fields/types';

const empties: Operator[] = ['is_null', 'is_not_null'];
const operators: Record<FilterKind, Operator[]> = {
  text: ['contains', 'not_contains', '==', 'starts_with', ...empties],
  number: ['>=', '<=', '==', '!=', 'between', ...empties],
  date: ['between', '>=', '<=', '==', ...empties],
  time: ['>=', '<=', 'between', ...empties],
  choice: ['in', 'not_in', 'under', ...empties],
  reference: ['==', '!=', 'under', ...empties],
  region: ['under', ...empties],
  switch: ['=='],
  none: [],
};

/** The operators offered for a field: those of its kind that the server takes. */
export function operatorsOf(field: Field): Operator[] {
  const allowed = new Set(field.filter_ops?.map((op) => op.replaceAll(' ', '_')) ?? []);
  if (allowed.has('is_null')) allowed.add('is_not_null');
  return operators[typeOf(field).filter].filter((op) => {
    if (op === '==' && field.type === 'instant') return false;
    return allowed.has(op);
  });
}

export function filterable(fields: Field[]): Field[] {
  return fields.filter((field) => field.access !== 'masked' && operatorsOf(field).length > 0);
}

/** A stretch of time up to now to pick by name. */
export interface Preset {
  key: string;
  from: Call;
}

const call = (fn: string, ...args: number[]): Call => ({ fn, args });

export const presets: Preset[] = [
  { key: 'today', from: call('today') },
  { key: 'last_7', from: call('days', -7) },
  { key: 'last_30', from: call('days', -30) },
  { key: 'month', from: call('month_start') },
  { key: 'quarter', from: call('quarter_start') },
  { key: 'year', from: call('year_start') },
];

export function presetClause(field: string, preset: Preset): Clause {
  return { field, op: '>=', value: preset.from };
}

export function presetOf({ op, value }: Clause): Preset | undefined {
  if (op !== '>=' || !isCall(value)) return undefined;
  return presets.find(({ from }) => from.fn === value.fn && from.args.join() === value.args.join());
}

/** How a chip reads after the field's name: "is one of 潜在, 成交". */
export function clauseWords(
  clause: Clause,
  field: Field,
  contexts: Contexts,
  refLabel: (id: string) => string,
): string {
  const { t } = contexts;
  const preset = presetOf(clause);
  if (preset) return t(`filter.preset.${preset.key}`);
  const op = t(`filter.op.${clause.op}`);
  if (clause.op === 'is_null' || clause.op === 'is_not_null') return op;
  const values = (Array.isArray(clause.value) ? clause.value : [clause.value]).map((value) =>
    literalWords(value, field, contexts, refLabel),
  );
  if (clause.op === 'between') return t('filter.between', { from: values[0], to: values[1] });
  return `${op} ${values.join(t('list.separator'))}`;
}

function literalWords(
  value: Literal,
  field: Field,
  contexts: Contexts,
  refLabel: (id: string) => string,
): string {
  if (isCall(value)) {
    if (value.fn === 'me') return contexts.t('filter.me');
    if (value.fn === 'my_department') return contexts.t('filter.my_department');
    return value.args.length > 0 ? `${value.fn}(${value.args.join(', ')})` : value.fn;
  }
  if (typeOf(field).filter === 'reference') return refLabel(String(value));
  return valueText(value, { ...contexts, field: { ...field, settings: { ...field.settings, many: false } } });
}
