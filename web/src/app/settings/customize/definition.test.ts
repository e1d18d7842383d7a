import { expect, test } from 'vitest';
import { together } from '../collide';
import { both, freeKey, moved, numberExample } from './definition';
import { inTree, optionsFrom, piecesOfOptions, stepped } from './dictionary';

test('an entry moves up, down and never out of the list', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 1, 9)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 5, 0)).toEqual(['a', 'b']);
});

test('a key follows the English words and is free', () => {
  expect(freeKey('Channel code', [])).toBe('channel_code');
  expect(freeKey('Channel code', ['channel_code'])).toBe('channel_code_1');
  expect(freeKey('  2nd Phone!', [])).toBe('nd_phone');
  expect(freeKey('渠道', ['field_1'])).toBe('field_2');
  expect(freeKey('', [], 'option')).toBe('option_1');
});

test('English words stand in for none', () => {
  expect(both(' 渠道 ', '')).toEqual({ 'zh-CN': '渠道', en: '渠道' });
});

const option = (code: string, parent?: string) => ({
  code,
  label: both(code, ''),
  ...(parent ? { parent } : {}),
});

test('options stand behind the one they stand below, also in a circle', () => {
  const list = [option('b', 'a'), option('c'), option('a'), option('x', 'y'), option('y', 'x')];
  expect(inTree(list).map(({ option: { code }, depth }) => `${code}${depth}`)).toEqual([
    'c0',
    'a0',
    'b1',
    'x0',
    'y0',
  ]);
});

test('an option steps over its siblings, not over what stands below them', () => {
  const list = [option('a'), option('b', 'a'), option('c')];
  expect(stepped(list, 'c', -1).map((one) => one.code)).toEqual(['c', 'b', 'a']);
  expect(stepped(list, 'b', 1)).toEqual(list);
});

test('two who add an option each do not collide; two who order them do', () => {
  const base = [option('a'), option('b')];
  const pieces = (list: typeof base) => piecesOfOptions(list, base);
  const { merged, both: clashes } = together(
    pieces(base),
    pieces([...base, option('mine')]),
    pieces([option('b'), option('a'), option('theirs')]),
  );
  expect(clashes).toEqual([]);
  expect(optionsFrom(merged).map((one) => one.code)).toEqual(['b', 'a', 'theirs', 'mine']);
});

test('an example of a number is the first of its day', () => {
  expect(numberExample({ prefix: 'HT-', date: 'YYYYMM', digits: 3 }, '2026-11-23')).toBe('HT-202611001');
  expect(numberExample({}, '2026-11-23')).toBe('0001');
});
