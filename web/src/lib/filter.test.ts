import { describe, expect, it } from 'vitest';
import { both, type Clause, clauseText, filterText, parseFilter } from './filter';

const clauses: [Clause, string][] = [
  [{ field: 'status', op: '==', value: 'active' }, 'status == "active"'],
  [
    { field: 'name', op: 'contains', value: '招商 "银行" \\ (and)' },
    'name contains "招商 \\"银行\\" \\\\ (and)"',
  ],
  [{ field: 'name', op: 'not_contains', value: 'x' }, 'name not contains "x"'],
  [{ field: 'status', op: 'in', value: ['lead', 'lost'] }, 'status in ("lead", "lost")'],
  [{ field: 'status', op: 'not_in', value: ['lead'] }, 'status not in ("lead")'],
  [{ field: 'owner', op: '==', value: { fn: 'me', args: [] } }, 'owner == me'],
  [{ field: 'dept', op: 'under', value: { fn: 'my_department', args: [] } }, 'dept under my_department'],
  [{ field: 'created_at', op: '>=', value: { fn: 'days', args: [-7] } }, 'created_at >= days(-7)'],
  [{ field: 'due', op: '==', value: { fn: 'today', args: [] } }, 'due == today()'],
  [{ field: 'revenue', op: 'between', value: [100, 2000.5] }, 'revenue between 100 and 2000.5'],
  [
    { field: 'founded', op: 'between', value: ['2024-01-01', '2024-12-31'] },
    'founded between "2024-01-01" and "2024-12-31"',
  ],
  [{ field: 'vip', op: '==', value: false }, 'vip == false'],
  [{ field: 'phone', op: 'is_null', value: null }, 'phone is null'],
  [{ field: 'phone', op: 'is_not_null', value: null }, 'phone is not null'],
  [{ field: 'owner.name', op: 'starts_with', value: '李' }, 'owner.name starts_with "李"'],
];

describe('clauses and their text', () => {
  it.each(clauses)('%o', (clause, text) => {
    expect(clauseText(clause)).toBe(text);
    expect(parseFilter(text)).toEqual([clause]);
  });

  it('join by and, and come back in order', () => {
    const all = clauses.map(([clause]) => clause);
    expect(parseFilter(filterText(all))).toEqual(all);
  });

  it('take the and of between for what it is', () => {
    expect(parseFilter('a between 1 and 2 and b == 3')).toEqual([
      { field: 'a', op: 'between', value: [1, 2] },
      { field: 'b', op: '==', value: 3 },
    ]);
  });

  it('are none in an empty text', () => {
    expect(parseFilter('')).toEqual([]);
    expect(parseFilter('   ')).toEqual([]);
  });
});

describe('text that is more than clauses is left alone', () => {
  it.each([
    'a == 1 or b == 2',
    'not a == 1',
    '(a == 1) and (b == 2)',
    'a == 1 and',
    'a ==',
    'a',
    'a == "open',
    'a in ()',
    'a in (1',
    'a is not 1',
    'a not under "x"',
    'a == someone',
    'a == f(x)',
    'a == 1 b == 2',
    'a ~ 1',
    '== 1',
  ])('%s', (text) => {
    expect(parseFilter(text)).toBeNull();
  });
});

describe('both', () => {
  it('keeps each side whole', () => {
    expect(both('a == 1 or b == 2', 'c == 3')).toBe('(a == 1 or b == 2) and (c == 3)');
    expect(both(undefined, 'c == 3')).toBe('c == 3');
    expect(both('a == 1', '')).toBe('a == 1');
    expect(both(undefined, undefined)).toBeUndefined();
  });
});
