import { expect, it } from 'vitest';
import { equal } from './equal';

it.each([
  [1, 1, true],
  ['a', 'b', false],
  [null, null, true],
  [null, {}, false],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [['a', 'b'], ['b', 'a'], false],
  [[], {}, false],
] as [unknown, unknown, boolean][])('%j and %j', (a, b, want) => expect(equal(a, b)).toBe(want));
