import { describe, expect, it } from 'vitest';
import { both, type Clause, clauseText, filterText, type Group, parseFilter } from './filter';

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
  [{ field: 'phone', op: 'not_starts_with', value: '0\n1\t' }, 'phone not starts_with "0\\n1\\t"'],
  [{ field: 'region', op: 'not_under', value: '31' }, 'region not under "31"'],
  [{ field: 'revenue', op: 'not_between', value: [1, 2] }, 'revenue not between 1 and 2'],
  [
    {
      field: 'created_at',
      op: 'within',
      value: [
        { fn: 'week_start', args: [] },
        { fn: 'week_start', args: [1] },
      ],
    },
    '(created_at >= week_start() and created_at < week_start(1))',
  ],
  [{ field: 'owner.name', op: 'starts_with', value: '李' }, 'owner.name starts_with "李"'],
];

const all = (...kids: Group['kids']): Group => ({ joint: 'and', kids });

describe('clauses and their text', () => {
  it.each(clauses)('%o', (clause, text) => {
    expect(clauseText(clause)).toBe(text);
    expect(parseFilter(text)).toEqual(all(clause));
  });

  it('join by and, and come back in order', () => {
    const every = all(...clauses.map(([clause]) => clause));
    expect(parseFilter(filterText(every))).toEqual(every);
  });

  it('take the and of between for what it is', () => {
    expect(parseFilter('a between 1 and 2 and b == 3')).toEqual(
      all({ field: 'a', op: 'between', value: [1, 2] }, { field: 'b', op: '==', value: 3 }),
    );
  });

  it('are none in an empty text', () => {
    expect(parseFilter('')).toEqual(all());
    expect(parseFilter('   ')).toEqual(all());
  });

  it('take single quotes too', () => {
    expect(parseFilter("a == 'it\\'s'")).toEqual(all({ field: 'a', op: '==', value: "it's" }));
  });
});

describe('groups', () => {
  const a = { field: 'a', op: '==', value: 1 } as const;
  const b = { field: 'b', op: '==', value: 2 } as const;
  const c = { field: 'c', op: 'is_null', value: null } as const;
  const trees: [string, Group][] = [
    ['a == 1 or b == 2', { joint: 'or', kids: [a, b] }],
    ['a == 1 and (b == 2 or c is null)', all(a, { joint: 'or', kids: [b, c] })],
    ['(a == 1 and b == 2) or c is null', { joint: 'or', kids: [all(a, b), c] }],
    ['not (a == 1)', { joint: 'none', kids: [a] }],
    ['not (a == 1 or b == 2)', { joint: 'none', kids: [a, b] }],
    ['a == 1 and not (b == 2 or c is null)', all(a, { joint: 'none', kids: [b, c] })],
    ['not ((a == 1 and b == 2))', { joint: 'none', kids: [all(a, b)] }],
  ];
  it.each(trees)('%s', (text, tree) => {
    expect(parseFilter(text)).toEqual(tree);
    expect(filterText(tree)).toBe(text);
  });

  it('bind and before or, and lose brackets that say nothing', () => {
    expect(parseFilter('a == 1 or b == 2 and c is null')).toEqual({ joint: 'or', kids: [a, all(b, c)] });
    expect(parseFilter('((a == 1)) and (b == 2 and c is null)')).toEqual(all(a, b, c));
    expect(parseFilter('not a == 1')).toEqual({ joint: 'none', kids: [a] });
  });

  it('that hold nothing ask nothing', () => {
    expect(filterText(all({ joint: 'or', kids: [] }, a))).toBe('a == 1');
    expect(filterText({ joint: 'none', kids: [] })).toBe('');
  });
});

describe('text that cannot be shown is left alone', () => {
  it.each([
    'a == 1 and',
    'a ==',
    'a',
    'not',
    '(a == 1',
    'a == 1)',
    'a == "open',
    'a in (1',
    'a is not 1',
    'a == someone',
    'a == f(x)',
    'a == 1 b == 2',
    'a ~ 1',
    '== 1',
    `${'('.repeat(20)}a == 1${')'.repeat(20)}`,
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
