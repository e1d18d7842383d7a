import { expect, it } from 'vitest';
import type { Entity, Row } from '@/api/types';
import { makeField } from './make';
import { isOpen, isSettled, openIn } from './settled';

const entity = {
  fields: ['status', 'total', 'remark', 'owner'].map((key) => makeField(key, 'text')),
  lines: [{ key: 'items' }, { key: 'costs' }],
  locked: { field: 'status', in: ['confirmed'], open: ['remark', 'costs'] },
} as unknown as Entity;
const row = (status: string) => ({ id: '1', status }) as unknown as Row;

it('shuts what is settled but for what stays open', () => {
  expect(isSettled(entity, row('draft'))).toBe(false);
  expect(openIn(entity, row('draft'))).toBe(entity);
  const { fields, lines } = openIn(entity, row('confirmed'));
  expect(fields.filter((one) => one.read_only).map((one) => one.key)).toEqual(['status', 'total']);
  expect(lines.map((one) => one.key)).toEqual(['costs']);
  expect(isOpen(entity, row('confirmed'), 'items')).toBe(false);
  expect(isSettled({ ...entity, locked: undefined }, row('confirmed'))).toBe(false);
});
