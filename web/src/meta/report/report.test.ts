import { expect, it } from 'vitest';
import { Problem } from '@/api/client';
import type { Field, Report } from '@/api/types';
import { ticks } from '@/ui/chart/series';
import {
  addressOf,
  chartsOf,
  evened,
  farOf,
  inputOf,
  inTime,
  largest,
  missingInput,
  sectionsOf,
  shownColumns,
  wrongInput,
} from './report';

const field = (key: string, type: string) => ({ key, type, settings: {} }) as unknown as Field;
const report = {
  input: [field('day', 'date'), field('in_base', 'switch'), field('most', 'number')],
  columns: [
    field('customer', 'reference'),
    field('owner', 'member'),
    field('currency', 'choice'),
    field('total', 'money'),
  ],
} as unknown as Report;

it('reads the address as the API takes it, and writes it back', () => {
  expect(inputOf(report, { day: '2026-01-05', in_base: 'true', most: '3', other: 'x' })).toEqual({
    day: '2026-01-05',
    in_base: true,
    most: 3,
  });
  expect(addressOf({ id: 'A', label: 'a' })).toBe('A');
  expect(addressOf(false)).toBeUndefined();
  expect(addressOf([{ id: 'A' }, { id: 'B' }])).toBe('A,B');
});

it('says at its field what is wrong with what was asked', () => {
  const refused = new Problem(422, {
    status: 422,
    errors: [
      { field: 'day', code: 'error.date', message: 'no date' },
      { field: 'elsewhere', code: 'error.value', message: 'unknown' },
    ],
  });
  expect(wrongInput(report, refused)).toEqual({ day: 'no date' });
  expect(wrongInput(report, new Problem(500, { status: 500 }))).toEqual({});
  expect(wrongInput(report, null)).toEqual({});
});

it('makes a section for each currency, with a last row where it adds up several', () => {
  const answer = {
    rows: [
      { customer: { id: '1' }, owner: null, currency: 'CNY', total: '1' },
      { customer: { id: '2' }, owner: null, currency: 'CNY', total: '2' },
      { customer: { id: '1' }, owner: null, currency: 'USD', total: '3' },
    ],
    totals: [
      { currency: 'CNY', total: '3' },
      { currency: 'USD', total: '3' },
    ],
    opens: [{}, {}, {}],
    more: false,
  };
  const sections = sectionsOf(report, answer);
  expect(sections.map((one) => [one.currency, one.rows.length, one.total?.total])).toEqual([
    ['CNY', 2, '3'],
    ['USD', 1, undefined],
  ]);
  expect(shownColumns(report, answer).map((one) => one.key)).toEqual(['customer', 'total']);
});

it('marks a scale roundly, from nought or below', () => {
  expect(ticks(0, 97)).toEqual([0, 25, 50, 75, 100]);
  expect(ticks(-3, 10)[0]).toBeLessThanOrEqual(-3);
  expect(ticks(0, 0)).toEqual([0, 1]);
  expect(ticks(0, 0.3).at(-1)).toBeGreaterThanOrEqual(0.3);
});

it('skips no month between two', () => {
  const columns = [field('month', 'text'), field('quarter', 'text')];
  const filled = (key: string, ...names: string[]) =>
    inTime(
      names.map((name) => ({ line: { [key]: name }, opens: {} })),
      columns,
      ['month', 'quarter'],
    ).map(({ line }) => line[key]);
  expect(filled('month', '2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  expect(filled('quarter', '2026-Q3', '2027-Q1')).toEqual(['2026-Q3', '2026-Q4', '2027-Q1']);
  expect(filled('month', 'b', 'a')).toEqual(['b', 'a']);
});

it('says what is to be chosen before it can be asked', () => {
  const needs = { input: [{ ...field('customer', 'reference'), required: true }, field('until', 'date')] };
  expect(missingInput(needs as unknown as Report, { customer: null })?.key).toBe('customer');
  expect(missingInput(needs as unknown as Report, { customer: 'A' })).toBeUndefined();
});

it('hides what no row has, and sets the points of a column below one another', () => {
  const columns = [field('owner', 'member'), field('rate', 'percent'), field('sum', 'money')];
  const rows = [
    { line: { owner: { id: '1' }, rate: '28.95', sum: '5' }, opens: {} },
    { line: { owner: { id: '2' }, rate: '12.2', sum: null }, opens: {} },
  ];
  const [fields, even] = evened(columns, { currency: null, rows, total: { rate: '0', sum: '5.00' } });
  expect(fields[1]?.settings.digits).toBe(2);
  expect(rows.map(({ line }) => even(line))).toEqual([
    { owner: { id: '1' }, rate: '28.95', sum: '5.00' },
    { owner: { id: '2' }, rate: '12.20', sum: null },
  ]);
  const answer = { rows: [{ owner: { id: '1' }, rate: null, sum: '0' }], totals: [], opens: [], more: false };
  expect(shownColumns({ columns } as unknown as Report, answer).map((one) => one.key)).toEqual([
    'owner',
    'sum',
  ]);
});

it('draws rows that have a name of their own, the largest where there are many', () => {
  const columns = [field('owner', 'member'), field('sum', 'money'), field('rate', 'percent')];
  const charts = [
    { kind: 'bars', by: ['owner'], of: ['sum'] },
    { kind: 'bars', by: ['owner'], of: ['rate'] },
  ];
  const at = (id: string, sum: string) => ({ line: { owner: { id, label: '王芳' }, sum }, opens: {} });
  const of = { columns, charts } as unknown as Report;
  expect(chartsOf(of, [at('1', '5'), at('2', '7')])).toEqual([charts[0]]);
  expect(chartsOf(of, [at('1', '5'), at('1', '7')])).toEqual([]);
  expect(largest([at('1', '5'), at('2', '7'), at('3', '6')], ['sum'], 2).map(({ line }) => line.sum)).toEqual(
    ['7', '6'],
  );
});

it('says the one sum beside its word on a phone, where it stands far off', () => {
  const fields = [
    field('customer', 'reference'),
    field('owner', 'member'),
    field('due_on', 'date'),
    field('open', 'money'),
  ];
  const [customer, owner, , open] = fields as [Field, Field, Field, Field];
  expect(farOf(fields, { open: '5' })?.key).toBe('open');
  expect(farOf(fields, { open: null })).toBeUndefined();
  expect(farOf([customer, owner, open], { open: '5' })).toBeUndefined();
  expect(farOf([...fields, field('paid', 'money')], { open: '5', paid: '2' })).toBeUndefined();
});
