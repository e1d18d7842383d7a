import { expect, it } from 'vitest';
import type { Action, Row } from '@/api/types';
import { makeField as field, makeEntity } from '../../make';
import { type Board, cardFields, columnFilter, keyOf, moved, wayTo } from './columns';

const option = (code: string, active = true) => ({ code, label: {}, active, parent: null });
const state = (more: object = {}) =>
  field('status', 'choice', {
    settings: { options: [option('new'), option('won'), option('lost'), option('old', false)] },
    ...more,
  });
const act = (name: string, to: string | undefined, from?: string[], input: ReturnType<typeof field>[] = []) =>
  ({
    name,
    label: {},
    bulk: false,
    input,
    when: from && { field: 'status', in: from },
    moves: { field: 'status', to },
  }) as Action;
const row = (values: object = {}) => ({ id: '5', version: 1, status: 'new', ...values }) as Row;

it('a state that actions move goes their way and no other', () => {
  const status = state({ read_only: true });
  const entity = makeEntity([field('name', 'text'), status], {
    ops: ['read', 'update'],
    actions: [act('win', 'won', ['new']), act('lose', 'lost', ['new'], [field('reason', 'text')])],
  });
  expect(wayTo(entity, status, row(), 'won')).toMatchObject({ kind: 'act', asks: false });
  expect(wayTo(entity, status, row(), 'lost')).toMatchObject({ kind: 'act', asks: true });
  expect(wayTo(entity, status, row(), 'new')).toEqual({ kind: 'stay' });
  expect(wayTo(entity, status, row({ status: 'lost' }), 'won')).toEqual({ kind: 'refused', why: 'no_way' });
  expect(wayTo(entity, status, row(), 'old')).toEqual({ kind: 'refused', why: 'retired' });
});

it('a field that can be edited is changed, one that cannot is not', () => {
  const entity = (ops: string[], status = state()) => makeEntity([field('name', 'text'), status], { ops });
  expect(wayTo(entity(['update']), state(), row(), 'won')).toEqual({ kind: 'patch' });
  expect(wayTo(entity([]), state(), row(), 'won')).toEqual({ kind: 'refused', why: 'no_right' });
  const fixed = state({ read_only: true });
  expect(wayTo(entity(['update'], fixed), fixed, row(), 'won')).toEqual({
    kind: 'refused',
    why: 'read_only',
  });
  expect(wayTo(entity(['update']), state({ required: true }), row(), null)).toEqual({
    kind: 'refused',
    why: 'required',
  });
});

it('an action that takes the reference itself is told it by the column', () => {
  const stage = field('status', 'reference', { settings: { target: 'sales.stage' } });
  const to = { id: 'S2', label: '方案' };
  const entity = (input: ReturnType<typeof field>[]) =>
    makeEntity([field('name', 'text'), stage], {
      ops: ['update'],
      actions: [act('move', undefined, undefined, input)],
    });
  const card = row({ status: { id: 'S1', label: '初访' } });
  expect(wayTo(entity([stage]), stage, card, to)).toMatchObject({
    kind: 'act',
    asks: false,
    given: { status: to },
  });
  expect(wayTo(entity([stage, field('note', 'text')]), stage, card, to)).toMatchObject({ asks: true });
  expect(wayTo(entity([stage]), stage, card, { id: null, label: null, hidden: true })).toEqual({
    kind: 'refused',
    why: 'unknown',
  });
});

it('the filter of a column says its value', () => {
  expect(columnFilter('a == 1', state(), 'won')).toBe('(a == 1) and (status == "won")');
  expect(columnFilter(undefined, state(), null)).toBe('status is null');
  expect(columnFilter('a == 1 or b == 2', state(), { id: 'S1', label: '' })).toBe(
    '(a == 1 or b == 2) and (status == "S1")',
  );
  expect(columnFilter('', field('hot', 'switch'), false)).toBe('hot == false');
});

it('a moved card is in its new column at once, by age where that is the order', () => {
  const column = (value: string, ids: string[]) => ({
    value,
    count: ids.length,
    totals: [],
    items: ids.map((id) => row({ id, status: value })),
    has_more: false,
    next: null,
  });
  const board: Board = {
    by: 'status',
    measures: [],
    more: false,
    columns: [column('new', ['5', '4']), column('won', ['7', '3'])],
  };
  const ids = (one: Board) => one.columns.map((c) => [c.count, ...c.items.map((r) => r.id)]);
  expect(ids(moved(board, row(), 'status', 'won', '-id'))).toEqual([
    [1, '4'],
    [3, '7', '5', '3'],
  ]);
  expect(ids(moved(board, row(), 'status', 'won', 'name'))[1]).toEqual([3, '5', '7', '3']);
  expect(keyOf(moved(board, row(), 'status', 'won', '-id').columns[1]?.items[1]?.status)).toBe('won');
});

it('a card asks for what it shows and for what decides where it may go', () => {
  const entity = makeEntity(
    [
      field('name', 'text'),
      state(),
      field('phase', 'choice'),
      field('amount', 'money'),
      field('currency', 'choice'),
    ],
    {
      layout: { card: ['name', 'phase'] },
      actions: [{ ...act('go', 'won'), when: { field: 'phase', in: ['a'] } }],
    },
  );
  expect(cardFields(entity, 'status', 'amount')).toEqual(['name', 'status', 'phase', 'amount', 'currency']);
});
