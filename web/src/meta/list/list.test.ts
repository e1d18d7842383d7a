import { describe, expect, it } from 'vitest';
import type { Texts } from '@/api/types';
import { makeField as field, makeEntity } from '../make';
import { operatorsOf, presetClause, presetOf, presets } from './filters';
import { columnsOf, listQuery, nextSort, viewsOf } from './query';

const entity = makeEntity([field('name', 'text'), field('status', 'choice'), field('x_city', 'text')], {
  layout: {
    list: ['status', 'gone'],
    sort: '-created_at',
    views: [{ key: 'mine', label: { en: 'Mine' }, filter: 'owner == me', sort: 'name' }],
  },
});
const words = { all: 'All', label: (texts: Texts | null) => texts?.en ?? '' };

describe('views', () => {
  it('begin with everything, saved ones last', () => {
    const saved = [
      {
        id: 'V1',
        entity: 'crm.customer',
        name: '华东',
        shared: true,
        mine: true,
        filter: 'x == 1',
        sort: '',
        columns: ['name'],
        widths: {},
        by: '',
        first: false,
        first_for: [],
        opens: '',
      },
    ];
    expect(viewsOf(entity, saved, words).map((view) => [view.key, view.name])).toEqual([
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
});

describe('listQuery', () => {
  const mine = viewsOf(entity, [], words)[1];
  it('asks for what is on screen', () => {
    expect(listQuery(entity, { filter: 'status == "a"' }, mine)).toEqual({
      filter: '(owner == me) and (status == "a")',
      sort: 'name',
      q: undefined,
      fields: 'name,status',
    });
  });
  it('lets the address have the last word on the order', () => {
    expect(listQuery(entity, { sort: '-name' }, mine).sort).toBe('-name');
    expect(listQuery(entity, {}, undefined).sort).toBe('-created_at');
  });
  it('shows the title whatever the layout says, and no field that is gone', () => {
    expect(columnsOf(entity, undefined)).toEqual(['name', 'status']);
    expect(columnsOf(entity, { key: 'v', name: 'v', columns: ['x_city', 'name'] })).toEqual([
      'x_city',
      'name',
    ]);
  });
});

it('a column sorts up, down, not at all', () => {
  expect(nextSort(undefined, 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBeUndefined();
  expect(nextSort('-created_at', 'name')).toBe('name');
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
  });
  it('know their presets again', () => {
    for (const preset of presets) expect(presetOf(presetClause('created_at', preset))).toBe(preset);
    expect(presetOf({ field: 'a', op: '>=', value: { fn: 'days', args: [-8] } })).toBeUndefined();
    expect(presetOf({ field: 'a', op: '==', value: 1 })).toBeUndefined();
  });
});
