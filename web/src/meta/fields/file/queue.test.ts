import { expect, it } from 'vitest';
import { pastedName, unfit } from './queue';

it('says before sending what the server would refuse', () => {
  expect(unfit({ size: 0, type: '' }, 10)).toBe('empty');
  expect(unfit({ size: 11, type: '' }, 10)).toBe('large');
  expect(unfit({ size: 10, type: '' }, 10)).toBeUndefined();
});

it('gives a pasted picture a name of its own', () => {
  const now = new Date(2026, 10, 2, 9, 5, 7);
  expect(pastedName('image.png', now)).toBe('2026-11-02 090507.png');
  expect(pastedName('现场.png', now)).toBe('现场.png');
});
