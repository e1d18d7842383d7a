import { expect, it } from 'vitest';
import { plus } from '@/lib/plus';
import { makeField } from '../../make';
import { bucketDays, groupFilter, groupsOf, inOptionOrder } from './groups';

it('a bucket is all its days', () => {
  expect(bucketDays('year', '2024')).toEqual(['2024-01-01', '2024-12-31']);
  expect(bucketDays('quarter', '2024-Q1')).toEqual(['2024-01-01', '2024-03-31']);
  expect(bucketDays('quarter', '2026-Q4')).toEqual(['2026-10-01', '2026-12-31']);
  expect(bucketDays('month', '2024-02')).toEqual(['2024-02-01', '2024-02-29']);
  expect(bucketDays('week', '2026-12-28')).toEqual(['2026-12-28', '2027-01-03']);
  expect(bucketDays('day', '2026-11-23')).toEqual(['2026-11-23', '2026-11-23']);
});

it('the filter of a group says its value or its days', () => {
  const at = makeField('at', 'instant');
  expect(groupFilter('a == 1', at, 'month', '2026-11')).toBe(
    '(a == 1) and (at between "2026-11-01" and "2026-11-30")',
  );
  expect(groupFilter('', at, 'month', null)).toBe('at is null');
  expect(groupFilter('', makeField('owner', 'member'), '', { id: 'M1', label: '李明' })).toBe(
    'owner == "M1"',
  );
});

it('a group of several currencies is one, with a sum for each', () => {
  const rows = [
    ['won', 'CNY', 2, '100.00'],
    ['won', 'USD', 1, '5.00'],
    [null, 'CNY', 3, '0.00'],
  ];
  const [won, none] = groupsOf(rows, [makeField('amount', 'money')], true);
  expect(won).toMatchObject({ value: 'won', count: 3 });
  expect(won?.sums.get('amount')).toEqual([
    { value: '100.00', currency: 'CNY' },
    { value: '5.00', currency: 'USD' },
  ]);
  expect(none).toMatchObject({ value: null, count: 3 });
});

it('figures without a currency of their own are added up exactly', () => {
  expect(plus('0.10', '0.2')).toBe('0.30');
  expect(plus('-5.00', '3.25')).toBe('-1.75');
  expect(plus('99999999999999.9999', '0.0001')).toBe('100000000000000.0000');
  expect(plus('7', '-9')).toBe('-2');
  const rows = [
    ['won', 'CNY', 2, '100.00'],
    ['won', 'USD', 1, '35.50'],
  ];
  const base = makeField('amount_base', 'money', { settings: { base: true } });
  expect(groupsOf(rows, [base], true)[0]?.sums.get('amount_base')).toEqual([
    { value: '135.50', currency: null },
  ]);
});

it('groups of a choice stand as its options do', () => {
  const options = ['lead', 'won', 'lost'].map((code) => ({ code, label: null, active: true }));
  const groups = groupsOf(
    [
      ['lost', 1],
      ['gone', 2],
      [null, 3],
      ['lead', 4],
    ],
    [],
    false,
  );
  const order = (field: Parameters<typeof inOptionOrder>[1]) =>
    inOptionOrder(groups, field).map(({ value }) => value);
  expect(order(makeField('status', 'choice', { settings: { options } } as never))).toEqual([
    'lead',
    'lost',
    'gone',
    null,
  ]);
  expect(order(makeField('owner', 'member'))).toEqual(['lost', 'gone', null, 'lead']);
});
