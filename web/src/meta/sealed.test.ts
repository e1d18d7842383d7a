import { expect, test } from 'vitest';
import type { Entity } from '@/api/types';
import { isSealed } from './sealed';

const entity = {
  owned: true,
  fields: [
    { key: 'owner', type: 'member' },
    { key: 'mobile', type: 'phone' },
    { key: 'phones', type: 'phone', settings: { many: true } },
    { key: 'bank', type: 'text', access: 'masked' },
  ],
} as unknown as Entity;
const row = { id: '1', version: 1 };

test('what lies in a pool and is shown masked is not changed there', () => {
  expect(isSealed(entity, { ...row, owner: null, mobile: { masked: '138****5678' } })).toBe(true);
  expect(isSealed(entity, { ...row, owner: null, phones: [{ masked: '138****5678' }] })).toBe(true);
});

test('one of somebody, one that is seen whole, and a mask of a role are no windows', () => {
  expect(isSealed(entity, { ...row, owner: { id: '2' }, mobile: { masked: '138****5678' } })).toBe(false);
  expect(isSealed(entity, { ...row, owner: null, mobile: '13812345678' })).toBe(false);
  expect(isSealed(entity, { ...row, owner: null, bank: { masked: '****1234' } })).toBe(false);
  expect(isSealed(entity, { ...row, mobile: { masked: '138****5678' } })).toBe(false);
  expect(isSealed({ ...entity, owned: false }, { ...row, owner: null, mobile: { masked: '1' } })).toBe(false);
});
