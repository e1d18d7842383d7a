import { expect, test } from 'vitest';
import type { Field } from '@/api/types';
import { fixedOf, isFillable, withFixed } from './targets';

const field = (more: Partial<Field>) =>
  ({ key: 'x', type: 'text', read_only: false, access: 'write', ...more }) as Field;

test('a file fills what people fill, numbers of its own, and for administrators how far a record had come', () => {
  expect(isFillable(field({}), false)).toBe(true);
  expect(isFillable(field({ type: 'auto_number' }), false)).toBe(true);
  expect(isFillable(field({ read_only: true }), true)).toBe(false);
  const status = field({ type: 'choice', read_only: true, imported: true });
  expect(isFillable(status, true)).toBe(true);
  expect(isFillable(status, false)).toBe(false);
});

test('a fixed text stands in quotes where a column would, one for each field', () => {
  const map = withFixed({ 订单号: 'number' }, 'status', 'done');
  expect(map).toEqual({ 订单号: 'number', '"done"': 'status' });
  expect(fixedOf(map)).toEqual([{ text: 'done', path: 'status' }]);
  expect(withFixed(map, 'status', 'confirmed')).toEqual({ 订单号: 'number', '"confirmed"': 'status' });
  expect(withFixed(map, 'status', '')).toEqual({ 订单号: 'number' });
});
