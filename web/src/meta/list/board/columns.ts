// What the columns of a board are, without a screen: their keys and names, which
// way leads a card from one to another, and what they hold after a move.
import type { Action, Entity, Field, Ref, Row } from '@/api/types';
import { both, type Clause, filterText } from '@/lib/filter';
import { may } from '../../context';
import { canEdit } from '../../fields';

/** One column as the API answers it. */
export interface Column {
  value: unknown;
  count: number;
  totals: { currency: string | null; values: (string | number | null)[] }[];
  items: Row[];
  has_more: boolean;
  next: string | null;
}

export interface Board {
  by: string;
  measures: string[];
  columns: Column[];
  more: boolean;
}

/** A column's place in addresses and limits: the code, the id, true or false; "" of what has no value. */
export function keyOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? ((value as Ref).id ?? '') : String(value);
}

/** The filter of the records of one column. */
export function columnFilter(filter: string | undefined, field: Field, value: unknown): string {
  const clause: Clause =
    keyOf(value) === ''
      ? { field: field.key, op: 'is_null', value: null }
      : { field: field.key, op: '==', value: typeof value === 'boolean' ? value : keyOf(value) };
  return both(filter, filterText(clause)) ?? '';
}

/** What putting a card into a column means. */
export type Way =
  | { kind: 'stay' }
  | { kind: 'patch' }
  /** An action leads there; asks: it wants to be told something first. given: what the column says. */
  | { kind: 'act'; action: Action; asks: boolean; given: Record<string, unknown> }
  /** why is the key of a text that says it. */
  | { kind: 'refused'; why: 'no_way' | 'no_right' | 'read_only' | 'required' | 'retired' | 'unknown' };

/**
 * The way of a card to a column. A state that actions move changes by nothing
 * else; a field that can be edited is simply changed.
 */
export function wayTo(entity: Entity, field: Field, row: Row, value: unknown): Way {
  const to = keyOf(value);
  if (keyOf(row[field.key]) === to) return { kind: 'stay' };
  if (typeof value === 'object' && value !== null && to === '') return { kind: 'refused', why: 'unknown' };
  const option = field.settings?.options?.find((one) => one.code === to);
  if (option && !option.active) return { kind: 'refused', why: 'retired' };
  const movers = (entity.actions ?? []).filter((one) => one.moves?.field === field.key);
  for (const action of movers) {
    if (action.when && !action.when.in.includes(keyOf(row[action.when.field]))) continue;
    const input = action.input ?? [];
    if (action.moves?.to) {
      if (action.moves.to === to) return { kind: 'act', action, asks: input.length > 0, given: {} };
    } else if (to !== '') {
      const asks = input.some((one) => one.key !== field.key);
      return { kind: 'act', action, asks, given: { [field.key]: value } };
    }
  }
  if (!may(entity, 'update')) return { kind: 'refused', why: 'no_right' };
  if (!canEdit(field)) return { kind: 'refused', why: movers.length > 0 ? 'no_way' : 'read_only' };
  if (to === '' && field.required) return { kind: 'refused', why: 'required' };
  return { kind: 'patch' };
}

/** The board with a card in another column, before the server has said so. */
export function moved(board: Board, row: Row, by: string, value: unknown, sort: string | undefined): Board {
  const from = keyOf(row[by]);
  const to = keyOf(value);
  const card = { ...row, [by]: value };
  return {
    ...board,
    columns: board.columns.map((column) => {
      const key = keyOf(column.value);
      if (key === from)
        return {
          ...column,
          count: column.count - 1,
          items: column.items.filter((one) => one.id !== row.id),
        };
      if (key !== to) return column;
      const items = [...column.items];
      items.splice(placeIn(items, card, sort), 0, card);
      return { ...column, count: column.count + 1, items };
    }),
  };
}

/** Where a card goes among others: by its age where that is the order, else to the top until the server says. */
function placeIn(items: Row[], card: Row, sort: string | undefined): number {
  if (sort !== '-id' && sort !== undefined) return 0;
  const at = items.findIndex((one) => one.id < card.id);
  return at < 0 ? items.length : at;
}

/** What is asked of a card: its title, what the layout names, the figure, and what decides where it may go. */
export function cardFields(entity: Entity, by: string, sum: string): string[] {
  const known = new Set(entity.fields.map((field) => field.key));
  const states = (entity.actions ?? []).flatMap((one) => (one.when ? [one.when.field] : []));
  const hasMoney = entity.fields.some((field) => field.type === 'money');
  const keys = [entity.title, by, ...shownOn(entity, by, sum), sum, ...states, hasMoney ? 'currency' : ''];
  return [...new Set(keys)].filter((key) => known.has(key));
}

/** The fields below the title of a card, less those that stand elsewhere. */
export function shownOn(entity: Entity, by: string, sum: string): string[] {
  const chosen = entity.layout.card?.length ? entity.layout.card : entity.layout.list;
  return chosen.filter((key) => key !== entity.title && key !== by && key !== sum).slice(0, 5);
}
