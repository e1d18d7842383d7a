import { describe, expect, it } from 'vitest';
import type { SavedView, Texts } from '@/api/types';
import { type Clause, type Filter, parseFilter } from '@/lib/filter';
import type { Contexts } from '../context';
import { makeField as field, makeEntity } from '../make';
import { whichFilter, whichRecords } from './bulk';
import { clauseWords, filterWords, namedIn, operatorsOf, presetOf, presets } from './filters';
import {
  columnsOf,
  firstView,
  isChanged,
  type ListSearch,
  listQuery,
  nextSort,
  unfiltered,
  viewOf,
  viewsOf,
  withColumns,
  withFilter,
  withSort,
} from './query';
import { choose, chosenCount, everythingChosen, isChosen, isNothing, nothing } from './selection';
import { gridTemplate } from './useWidths';

const entity = makeEntity([field('name', 'text'), field('status', 'choice'), field('x_city', 'text')], {
  layout: {
    list: ['status', 'gone'],
    sort: '-created_at',
    views: [{ key: 'mine', label: { en: 'Mine' }, filter: 'owner == me', sort: 'name' }],
  },
});
const words = { all: 'All', label: (texts: Texts | null) => texts?.en ?? '' };
const saved = (id: string, more: Partial<SavedView> = {}): SavedView => ({
  id,
  entity: 'crm.customer',
  name: '华东',
  shared: true,
  mine: true,
  by: '李明',
  filter: 'x_city == "上海"',
  sort: '',
  columns: ['name'],
  widths: {},
  first: false,
  first_for: [],
  opens: '',
  ...more,
  kind: 'list',
  field: '',
  group: '',
  sum: '',
  span: '',
  limits: {},
});

describe('views', () => {
  it('begin with everything, saved ones last', () => {
    expect(viewsOf(entity, [saved('V1')], words).map((view) => [view.key, view.name])).toEqual([
      ['all', 'All'],
      ['mine', 'Mine'],
      ['V1', '华东'],
    ]);
  });
  it('do not offer everything twice', () => {
    const whole = {
      ...entity,
      layout: { ...entity.layout, views: [{ key: 'every', label: { en: 'Every' }, filter: '' }] },
    };
    expect(viewsOf(whole, [], words).map((view) => view.key)).toEqual(['every']);
  });
  it("open with the member's own first, then his role's, then everybody's, then the first", () => {
    const opens = (...list: SavedView[]) => firstView(viewsOf(entity, list, words))?.key;
    const [all, role, own] = [
      saved('A', { opens: 'all' }),
      saved('R', { opens: 'role' }),
      saved('O', { opens: 'own' }),
    ];
    expect(opens(all, role, own)).toBe('O');
    expect(opens(all, role)).toBe('R');
    expect(opens(saved('X'), all)).toBe('A');
    expect(opens(saved('X'))).toBe('all');
  });
  it('are the one that the address names, else the first', () => {
    const views = viewsOf(entity, [saved('A', { opens: 'all' })], words);
    expect(viewOf(views, { view: 'mine' })?.key).toBe('mine');
    expect(viewOf(views, { view: 'gone' })?.key).toBe('A');
    expect(viewOf(views, {})?.key).toBe('A');
  });
});

describe('what is on screen', () => {
  const mine = viewsOf(entity, [], words)[1];
  it('is the view until the address says otherwise', () => {
    expect(listQuery(entity, {}, mine)).toEqual({
      filter: 'owner == me',
      sort: 'name',
      q: undefined,
      fields: 'name,status',
    });
    expect(
      listQuery(entity, { filter: 'status == "a"', sort: '-name', columns: 'x_city,name' }, mine),
    ).toEqual({
      filter: 'status == "a"',
      sort: '-name',
      q: undefined,
      fields: 'x_city,name',
    });
    expect(listQuery(entity, { filter: unfiltered }, mine).filter).toBeUndefined();
    expect(listQuery(entity, {}, undefined).sort).toBe('-created_at');
  });
  it('shows the title whatever the layout says, and no field that is gone', () => {
    expect(columnsOf(entity, undefined)).toEqual(['name', 'status']);
    expect(columnsOf(entity, { key: 'v', name: 'v', columns: ['x_city', 'name'] })).toEqual([
      'x_city',
      'name',
    ]);
    expect(columnsOf(entity, undefined, { columns: 'status,gone,status,name' })).toEqual(['status', 'name']);
  });
  it('asks for what cards show, which need not be a column', () => {
    const paid = makeEntity([field('name', 'text'), field('amount', 'money'), field('credit', 'money')], {
      layout: { list: ['name', 'amount'], card: ['name', 'credit', 'hidden'] },
    });
    expect(listQuery(paid, {}, undefined).fields).toBe('name,amount,credit');
  });
  it('asks for the currency that amounts are shown in', () => {
    const sale = makeEntity(
      [field('name', 'text'), field('amount', 'money'), field('currency', 'reference')],
      {
        layout: { list: ['name', 'amount'] },
      },
    );
    expect(listQuery(sale, {}, undefined).fields).toBe('name,amount,currency');
  });
  it('is changed when it is not the view, and no more when it is again', () => {
    const start: ListSearch = { view: 'mine' };
    const steps: [ListSearch, boolean][] = [
      [withFilter(start, mine, 'status == "a"'), true],
      [withFilter(start, mine, ''), true],
      [withFilter({ ...start, filter: 'x == 1' }, mine, 'owner == me'), false],
      [withSort(entity, start, mine, '-name'), true],
      [withSort(entity, { ...start, sort: '-name' }, mine, 'name'), false],
      [withColumns(entity, start, mine, ['status', 'name']), true],
      [withColumns(entity, { ...start, columns: 'name' }, mine, ['name', 'status']), false],
      [{ ...start, q: '招商', peek: 'X' }, false],
    ];
    for (const [search, changed] of steps) expect(isChanged(entity, search, mine)).toBe(changed);
  });
});

describe('the order', () => {
  it('of a column goes up, down, back to the usual', () => {
    expect(nextSort(undefined, 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBeUndefined();
    expect(nextSort('-created_at', 'name')).toBe('name');
  });
  it('takes one more field where it is added', () => {
    expect(nextSort('status', 'name', true)).toBe('status,name');
    expect(nextSort('status,name', 'name', true)).toBe('status,-name');
    expect(nextSort('status,-name', 'name', true)).toBe('status');
    expect(nextSort('-name', 'name', true)).toBeUndefined();
    expect(nextSort('a,b,c,d,e', 'f', true)).toBe('a,b,c,d,e');
  });
});

describe('operators', () => {
  it('are those of the kind that the server takes, however it writes them', () => {
    expect(
      operatorsOf(field('a', 'text', { filter_ops: ['==', 'contains', 'is null', 'is not null'] })),
    ).toEqual(['contains', '==', 'is_null', 'is_not_null']);
    expect(operatorsOf(field('a', 'choice', { filter_ops: ['in', 'not in', 'is_null'] }))).toEqual([
      'in',
      'not_in',
      'is_null',
      'is_not_null',
    ]);
    expect(operatorsOf(field('a', 'file', { filter_ops: ['is null'] }))).toEqual([]);
    expect(operatorsOf(field('a', 'text'))).toEqual([]);
    expect(operatorsOf(field('a', 'member', { filter_ops: ['==', '!=', 'in', 'not in'] }))).toEqual([
      'in',
      'not_in',
    ]);
  });
  it('know their presets again, through their text', () => {
    for (const preset of presets) {
      for (const days of preset.days ? [2, 7, 30] : [0]) {
        const clause = preset.clause('created_at', days);
        // One day and today are the same words for the same thing.
        expect(presetOf(clause)).toEqual({ preset, days });
      }
    }
    expect(presetOf({ field: 'a', op: '>=', value: { fn: 'days', args: [-8] } })).toBeUndefined();
    expect(presetOf({ field: 'a', op: '==', value: 1 })).toBeUndefined();
  });
});

describe('filters in words', () => {
  const t = (key: string, values: Record<string, unknown> = {}) => `${key}${Object.values(values).join('~')}`;
  const contexts = {
    t,
    label: (texts: Texts | null) => texts?.en ?? '',
    locale: 'en',
  } as unknown as Contexts;
  const fields = new Map(
    [field('name', 'text'), field('owner', 'member'), field('due', 'date')].map((one) => [one.key, one]),
  );
  const refLabel = (id: string) => (id === 'M1' ? 'Li' : id);
  const said = (filter: Filter) => filterWords(filter, { contexts, fields, refLabel });
  it('name people, say days, put brackets where they mean something', () => {
    const filter = parseFilter('name contains "a" and (owner in (me, "M1") or due == today())') as Filter;
    expect(said(filter)).toBe(
      'name filter.op.contains afilter.joint.andfilter.bracketsowner filter.op.in filter.call.melist.separatorLifilter.joint.ordue filter.preset.today0',
    );
    expect(namedIn(filter, fields).map(({ id }) => id)).toEqual(['M1']);
  });
  it('say both ends of a stretch', () => {
    const clause: Clause = { field: 'due', op: 'between', value: ['2024-01-01', '2024-02-01'] };
    expect(clauseWords(clause, fields.get('due') as never, { contexts, fields, refLabel })).toContain(
      'filter.between',
    );
  });
});

describe('what is chosen', () => {
  it('is some, or all but some', () => {
    const some = choose(nothing, ['a', 'b'], true);
    expect([isChosen(some, 'a'), isChosen(some, 'c'), chosenCount(some, 10)]).toEqual([true, false, 2]);
    expect(isNothing(choose(some, ['a', 'b'], false))).toBe(true);
    const most = choose(everythingChosen, ['a', 'b'], false);
    expect([isChosen(most, 'a'), isChosen(most, 'c'), chosenCount(most, 10)]).toEqual([false, true, 8]);
    expect(choose(most, ['a', 'b'], true)).toEqual(everythingChosen);
    expect(isNothing(everythingChosen)).toBe(false);
  });
  it('is told by name, or as all that is shown', () => {
    const some = choose(nothing, ['a', 'b'], true);
    const most = choose(everythingChosen, ['a'], false);
    expect(whichRecords(some, 'x == 1', 'q')).toEqual({ ids: ['a', 'b'] });
    expect(whichRecords(most, 'x == 1', 'q')).toEqual({ filter: 'x == 1', q: 'q', except: ['a'] });
    expect(whichFilter(some, 'x == 1')).toBe('id in ("a", "b")');
    expect(whichFilter(most, 'x == 1 or y == 2')).toBe('(x == 1 or y == 2) and id not in ("a")');
    expect(whichFilter(everythingChosen, undefined)).toBeUndefined();
  });
});

describe('widths', () => {
  it('pulled columns keep theirs, the others share what is left', () => {
    const columns = ['name', 'status'];
    expect(gridTemplate(entity, columns, { status: 90 }, true)).toEqual({
      columns: '40px minmax(240px, 240fr) 90px',
      least: 370,
    });
    expect(gridTemplate(entity, columns, { status: 90, name: 300 }, false)).toEqual({
      columns: '300px 90px 1fr',
      least: 390,
    });
  });
});
