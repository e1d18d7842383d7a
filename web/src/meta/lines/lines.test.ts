import { describe, expect, it } from 'vitest';
import type { Entity, Row } from '@/api/types';
import { makeField, makeOption } from '../make';
import {
  copied,
  inserted,
  isBlank,
  type Line,
  type LinesField,
  lineFaults,
  lineFieldsOf,
  linePath,
  moved,
  remaining,
  sentLines,
  sumOf,
  within,
  writeLines,
} from './lines';
import { mergeLines } from './merge';
import { readPasted, readRegion } from './read';
import { parseTsv, toTsv } from './tsv';
import { called, namesOf } from './usePasting';

const columns = [
  makeField('consignee', 'text', { required: true }),
  makeField('fee', 'money'),
  makeField('cost', 'formula', { read_only: true }),
  makeField('is_default', 'switch', { default: 'false' }),
];
const of = {
  name: 'crm.address',
  fields: [makeField('id', 'id', { system: true }), makeField('parent', 'reference'), ...columns],
  layout: { groups: [] },
} as unknown as Entity;
const parent = {
  lines: [{ key: 'addresses', entity: of.name, label: { 'zh-CN': '收货地址' } }],
} as unknown as Entity;
const field = lineFieldsOf(parent, { [of.name]: of })[0] as LinesField;

const line = (id: string, consignee: string, fee: string | null = null): Line => ({
  id,
  consignee,
  fee,
  is_default: false,
});
const written = (lines: Line[]) => writeLines(lines, field);

describe('lines of a form', () => {
  it('has the columns of the entity but those that the core keeps', () => {
    expect(field.columns.map((column) => column.key)).toEqual(['consignee', 'fee', 'cost', 'is_default']);
    expect(lineFieldsOf(parent, {})).toEqual([]);
  });
  it('chooses among the other lines of its record', () => {
    const near = makeField('line', 'reference', { settings: { only: 'parent == {parent}' } as never });
    const group = { ...field, columns: [...columns, near] };
    expect(within(group, 'ABC').columns.at(-1)?.settings.only).toBe('parent == "ABC"');
    expect(within(group, undefined)).toBe(group);
    expect(within(field, 'ABC')).toBe(field);
  });
  it('sends ids and what may be written, and no line that was never filled in', () => {
    const blank: Line = { $key: 'n1', is_default: false };
    expect(isBlank(blank, columns)).toBe(true);
    expect(written([line('a', '张三', '1.50'), blank, { $key: 'n2', consignee: '李四' }])).toEqual([
      { id: 'a', consignee: '张三', fee: '1.50', is_default: false },
      { consignee: '李四', fee: null, is_default: null },
    ]);
    expect(sentLines(field, [blank])).toEqual([]);
    expect(written([{ id: 'a', consignee: '甲', fee: { masked: '1**0' } }])[0]).not.toHaveProperty('fee');
  });
  it('finds what is wrong by cell, and forgets it when the cell changes', () => {
    const lines: Line[] = [line('a', '', 'x'), { $key: 'n1', consignee: '李', fee: { raw: '十元' } }];
    const faults = lineFaults(field, lines);
    expect(faults).toEqual({
      'a.consignee': 'form.error.required',
      'a.fee': 'form.error.decimal',
      'n1.fee': 'lines.unknown',
    });
    expect(Object.keys(remaining(faults, lines, [line('a', '张', 'x')]))).toEqual(['a.fee']);
  });
  it('leaves to the server what the server filled in and nobody changed', () => {
    const filled: Line = { ...line('a', '张三', '1.50'), $filled: { fee: '1.50', consignee: '李四' } };
    expect(written([filled])).toEqual([{ id: 'a', consignee: '张三', fee: null, is_default: false }]);
    expect(written([{ ...filled, fee: '2' }])[0]).toMatchObject({ fee: '2' });
  });
  it('moves, inserts, copies', () => {
    const list = [line('a', '1'), line('b', '2'), line('c', '3')];
    expect(moved(list, 0, 2).map((one) => one.id)).toEqual(['b', 'c', 'a']);
    expect(moved(list, 2, 0).map((one) => one.id)).toEqual(['c', 'a', 'b']);
    expect(inserted(list, 1, line('x', '9')).map((one) => one.id)).toEqual(['a', 'x', 'b', 'c']);
    expect(copied(line('a', '1'), columns)).toMatchObject({ consignee: '1' });
    expect(copied(line('a', '1'), columns).id).toBeUndefined();
  });
  it('adds decimals exactly', () => {
    expect(sumOf(['0.1', '0.2', null, 'x', '-1'])).toBe('-0.7');
    expect(sumOf(['9007199254740993', '0.000001'])).toBe('9007199254740993.000001');
    expect(sumOf([])).toBe('0');
  });
  it('reads the places of errors', () => {
    expect(linePath('addresses[2].phone')).toEqual({ group: 'addresses', index: 2, column: 'phone' });
    expect(linePath('addresses[2]')).toEqual({ group: 'addresses', index: 2, column: '' });
    expect(linePath('name')).toBeNull();
  });
});

describe('the clipboard of spreadsheets', () => {
  it('reads cells, quotes, line ends in cells and the last line end', () => {
    expect(parseTsv('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(parseTsv('"一""二""\n三"\tx')).toEqual([['一"二"\n三', 'x']]);
    expect(parseTsv('5" pipe\t"open')).toEqual([['5" pipe', '"open']]);
    expect(parseTsv('"a"b\tc')).toEqual([['"a"b', 'c']]);
    expect(parseTsv('a\t\t\n\tb')).toEqual([
      ['a', '', ''],
      ['', 'b'],
    ]);
    expect(parseTsv('')).toEqual([['']]);
  });
  it('reads back what it wrote', () => {
    const cells = [
      ['a"b', 'c\td', '多\n行'],
      ['', 'x', '"'],
    ];
    expect(parseTsv(toTsv(cells))).toEqual(cells);
  });
});

describe('pasted texts', () => {
  const known = {
    today: '2026-11-22',
    regions: [
      {
        code: '31',
        name: '上海市',
        children: [{ code: '3101', name: '市辖区', children: [{ code: '310104', name: '徐汇区' }] }],
      },
      { code: '44', name: '广东省', children: [{ code: '4403', name: '深圳市' }] },
    ],
  };
  const read = (type: string, text: string, settings = {}) =>
    readPasted(makeField('x', type, { settings }), text, known);
  it('reads figures, dates, switches, options and regions', () => {
    expect(read('money', '¥1,234.50')).toBe('1234.5');
    expect(read('percent', '12%')).toBe('12');
    expect(read('number', '１２')).toBe(12);
    expect(read('date', '2026年1月5日')).toBe('2026-01-05');
    expect(read('date', '明天')).toBe('2026-11-23');
    expect(read('switch', '是')).toBe(true);
    expect(read('switch', '也许')).toEqual({ raw: '也许' });
    const options = [makeOption('a', '重要'), makeOption('b', '一般')];
    expect(read('choice', '重要', { options })).toBe('a');
    expect(read('choice', '一般、重要', { options, many: true })).toEqual(['b', 'a']);
    expect(read('choice', '没有', { options })).toEqual({ raw: '没有' });
    expect(read('region', '上海市徐汇区')).toBe('310104');
    expect(read('region', '广东省 深圳市')).toBe('4403');
    expect(readRegion(known.regions, '徐汇区')).toBe('310104');
    expect(read('region', '火星')).toEqual({ raw: '火星' });
    expect(read('reference', '张三')).toEqual({ raw: '张三' });
    expect(read('text', '')).toBeNull();
  });
});

describe('two people at the lines of one record', () => {
  const base = [line('a', '1'), line('b', '2'), line('c', '3')];
  const none = new Set<string>();
  const merge = (mine: Line[], theirs: Line[]) => mergeLines(field, base, written(mine), theirs);
  const names = (list: { consignee?: unknown }[]) => list.map((one) => one.consignee);
  it('keeps what only one side touched', () => {
    const merged = merge(
      [line('a', '1x'), line('b', '2'), { $key: 'n', consignee: 'neu' }],
      [line('a', '1'), line('b', '2y'), line('d', 'theirs'), line('c', '3')],
    );
    expect(merged.clashes).toEqual([]);
    expect(names(merged.list(none))).toEqual(['1x', '2y', 'theirs', 'neu']);
  });
  it('asks about a line that both changed', () => {
    const merged = merge(
      [line('a', 'mine'), line('b', '2'), line('c', '3')],
      [line('a', 'theirs'), line('b', '2'), line('c', '3')],
    );
    expect(merged.clashes.map((clash) => clash.id)).toEqual(['a']);
    expect(names(merged.list(none))).toEqual(['mine', '2', '3']);
    expect(names(merged.list(new Set(['a'])))).toEqual(['theirs', '2', '3']);
  });
  it('asks about a line that one deleted and the other changed', () => {
    const gone = merge(
      [line('b', '2'), line('c', '3')],
      [line('a', 'theirs'), line('b', '2'), line('c', '3')],
    );
    expect(gone.clashes).toHaveLength(1);
    expect(names(gone.list(none))).toEqual(['2', '3']);
    expect(names(gone.list(new Set(['a'])))).toEqual(['theirs', '2', '3']);
    const back = merge([line('a', 'mine'), line('b', '2'), line('c', '3')], [line('b', '2'), line('c', '3')]);
    expect(back.list(none)[0]).toEqual({ consignee: 'mine', fee: null, is_default: false });
    expect(names(back.list(new Set(['a'])))).toEqual(['2', '3']);
  });
  it('agrees where both did the same', () => {
    const merged = merge([line('a', 'x'), line('c', '3')], [line('a', 'x'), line('c', '3')]);
    expect(merged.clashes).toEqual([]);
    expect(names(merged.list(none))).toEqual(['x', '3']);
  });
});

describe('a pasted name', () => {
  const target = {
    name: 'catalog.product',
    title: 'name',
    fields: [
      makeField('name', 'text', { filter_ops: ['in'] }),
      makeField('code', 'text', { unique: true, filter_ops: ['in'] }),
      makeField('seats', 'number', { unique: true, filter_ops: ['in'] }),
    ],
  } as unknown as Entity;
  const rows = [
    { id: '1', name: 'Motor', code: 'M1' },
    { id: '2', name: 'Motor', code: 'M2' },
    { id: '3', name: 'M1', code: 'X' },
  ] as unknown as Row[];

  it('is a title, else a code that only one record has', () => {
    const keys = namesOf(target);
    expect(keys).toEqual(['name', 'code']);
    const ids = (text: string) => called(rows, keys, text).map((row) => row.id);
    expect(ids('M2')).toEqual(['2']);
    expect(ids('M1'), 'a title goes before a code').toEqual(['3']);
    expect(ids('Motor'), 'of several none is meant').toEqual(['1', '2']);
    expect(ids('no')).toEqual([]);
  });
});
