import { expect, test } from 'vitest';
import { both, freeKey, moved } from './definition';

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
