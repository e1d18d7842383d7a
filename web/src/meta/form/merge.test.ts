import { describe, expect, it } from 'vitest';
import { Problem } from '@/api/client';
import { makeField } from '../make';
import { clashing, currentOf } from './merge';

const name = makeField('name', 'text');
const owner = makeField('owner', 'member');
const keys = (base: object, mine: object, current: object) =>
  clashing([name, owner], { ...base }, { ...mine }, { ...current }).map((field) => field.key);

describe('clashing', () => {
  it('finds what both sides changed, differently', () => {
    expect(keys({ name: 'a' }, { name: 'b' }, { name: 'c' })).toEqual(['name']);
  });
  it('leaves alone what only one side changed, or both alike', () => {
    expect(keys({ name: 'a' }, { name: 'b' }, { name: 'a' })).toEqual([]);
    expect(keys({ name: 'a' }, {}, { name: 'c' })).toEqual([]);
    expect(keys({ name: 'a' }, { name: 'b' }, { name: 'b' })).toEqual([]);
  });
  it('compares references by id, not by the name they had', () => {
    const before = { owner: { id: '1', label: '李明' } };
    const renamed = { owner: { id: '1', label: '李小明' } };
    expect(keys(before, { owner: '2' }, renamed)).toEqual([]);
  });
  it('takes null and absent for the same', () => {
    expect(keys({}, { name: 'b' }, { name: null })).toEqual([]);
  });
});

describe('currentOf', () => {
  it('reads the stored record of a version conflict and of nothing else', () => {
    const current = { id: '1', version: 2 };
    expect(currentOf(new Problem(412, { status: 412, current }))).toBe(current);
    expect(currentOf(new Problem(409, { status: 409, current }))).toBe(current);
    expect(currentOf(new Problem(409, { status: 409 }))).toBeUndefined();
    expect(currentOf(new Problem(422, { status: 422, current }))).toBeUndefined();
    expect(currentOf(new Error('x'))).toBeUndefined();
  });
});
