import { expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { makeField as field, makeEntity } from '../make';
import { defaultsOf } from './defaults';

const me = { id: '1', label: '李明' };

const entity = (fields: Field[], owned = false) => makeEntity(fields, { owned });

it('a new record starts with what its fields say', () => {
  const fields = [
    field('status', 'choice', { default: 'lead' }),
    field('vip', 'switch'),
    field('lunar', 'switch', { default: 'false' }),
    field('on', 'switch', { default: 'true' }),
    field('count', 'number', { default: '3' }),
    field('due', 'date', { default: 'today()' }),
    field('at', 'instant', { default: 'now()' }),
    field('until', 'date', { default: 'month_end()' }),
    field('by', 'member', { default: 'me' }),
    field('tags', 'choice', { default: 'a,b', settings: { many: true } }),
    field('name', 'text'),
  ];
  const now = new Date('2026-11-22T17:30:00Z');
  expect(defaultsOf(entity(fields), me, { zone: 'Asia/Shanghai', currency: 'CNY' }, now)).toEqual({
    status: 'lead',
    vip: false,
    lunar: false,
    on: true,
    count: 3,
    due: '2026-11-23',
    at: '2026-11-22T17:30:00.000Z',
    by: me,
    tags: ['a', 'b'],
  });
});

it('what is owned begins with the one who makes it', () => {
  const owner = field('owner', 'member', { required: true, default: null });
  expect(defaultsOf(entity([owner], true), me)).toEqual({ owner: me });
  expect(defaultsOf(entity([owner], false), me)).toEqual({});
});

it('what an action asks for begins with what its record says already', () => {
  const asked = [
    field('opportunity_name', 'text', { default: '{name}' }),
    field('amount', 'money', { default: '{amount}' }),
    field('note', 'text', { default: '{remark}' }),
  ];
  const lead = { id: '7', version: 1, name: '变频器询价', amount: '480000.00', remark: null };
  const given = { opportunity_name: '变频器询价', amount: '480000.00' };
  expect(defaultsOf(entity(asked), me, {}, new Date(), lead)).toEqual(given);
  expect(defaultsOf(entity(asked), me)).toEqual({});
});
