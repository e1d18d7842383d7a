import { expect, test } from 'vitest';
import { filled, followed } from './leads';
import { makeField } from './make';

const fields = [
  makeField('product', 'reference', { settings: { leads: ['name', 'price'] } } as never),
  makeField('name', 'text'),
  makeField('price', 'decimal'),
  makeField('quantity', 'decimal'),
];

test('an answer fills empty fields that follow from one that is filled in', () => {
  const answer = { name: '球阀', price: '95.00', quantity: '1' };
  expect(filled(fields, { product: 'p', name: null, price: '90' }, answer)).toEqual({ name: '球阀' });
  expect(filled(fields, { product: null, name: null }, answer)).toEqual({});
});

test('what was left to the server follows its answer, and figures that it does not keep', () => {
  const line = { product: 'p', name: '球阀', price: '95.00' };
  const left = { product: 'p', name: null, price: null };
  expect(followed(fields, left, line, { name: '球阀', price: '90.00' })).toEqual({ price: '90.00' });
  expect(followed(fields, left, line, { name: '球阀', price: null })).toEqual({ price: null });
  const typed = { product: 'p', name: '球阀（定制）', price: '95' };
  expect(followed(fields, typed, { ...line, ...typed }, { name: '球阀', price: '95.00' })).toEqual({});
  expect(followed(fields, typed, { ...line, ...typed }, { name: '球阀', price: '9.50' })).toEqual({
    price: '9.50',
  });
  expect(followed(fields, left, { ...line, product: null }, { price: '1.00' })).toEqual({});
});
