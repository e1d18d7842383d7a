import { expect, it } from 'vitest';
import { makeEntity, makeField } from '@/meta/make';
import {
  blockKinds,
  copied,
  firstLayout,
  freeKey,
  gist,
  insertables,
  moved,
  newBlock,
  partsOfKind,
} from './prints';

const nameOf = (texts: { [locale: string]: string } | null | undefined) => texts?.['zh-CN'] ?? '';

it('puts a block elsewhere, never beside the list', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 1, 99)).toEqual(['a', 'c', 'b']);
  expect(moved(['a'], 5, 0)).toEqual(['a']);
});

it('says what a block is about', () => {
  expect(gist({ kind: 'text', text: { 'zh-CN': '第一\n条' } }, nameOf)).toBe('第一 条');
  expect(
    gist(
      { kind: 'facts', items: [{ value: '{name}' }, { label: { 'zh-CN': '号' }, value: '{no}' }] },
      nameOf,
    ),
  ).toBe('{name} · 号');
  expect(gist({ kind: 'rule' }, nameOf)).toBe('');
});

it('finds a key that is free, and copies without sharing', () => {
  expect(freeKey(['own_1', 'own_2'])).toBe('own_3');
  const print = firstLayout(makeEntity([makeField('name', 'text')]), 'a', { 'zh-CN': '甲' });
  const copy = copied(print, 'b', { 'zh-CN': '乙' });
  copy.blocks.pop();
  expect(copy.key).toBe('b');
  expect(print.blocks.length).toBe(copy.blocks.length + 1);
});

it('makes every kind of block with no more than what can be said of it', () => {
  const entity = makeEntity([makeField('name', 'text')]);
  for (const kind of blockKinds)
    for (const part of Object.keys(newBlock(kind, entity)))
      expect(['kind', ...partsOfKind[kind]], `${kind}.${part}`).toContain(part);
});

it('offers fields and those behind references', () => {
  const customer = makeEntity([makeField('name', 'text', { label: { 'zh-CN': '名称' } })]);
  const fields = [
    makeField('customer', 'reference', { label: { 'zh-CN': '客户' }, settings: { target: 'crm.customer' } }),
  ];
  expect(insertables(fields, { 'crm.customer': customer }, nameOf)).toEqual([
    { id: 'customer', name: '客户' },
    { id: 'customer.name', name: '客户 › 名称' },
  ]);
});
