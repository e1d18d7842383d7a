import { expect, it } from 'vitest';
import type { Field, Report } from '@/api/types';
import { ticks } from '@/ui/chart/series';
import { addressOf, inputOf, inTime, sectionsOf, shownColumns } from './report';

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
