import { expect, it } from 'vitest';
import { initials } from './initials';

it.each([
  ['李明', 2, '李明'],
  ['李明', 1, '明'],
  ['欧阳修远', 2, '修远'],
  ['欧阳修远', 1, '远'],
  ['𠮷田', 1, '田'],
  ['Anna Lee', 2, 'AL'],
  ['anna', 2, 'A'],
  ['zhang.san', 2, 'ZS'],
  ['Anna (李)', 1, '李'],
  ['', 2, ''],
  ['  ', 1, ''],
] as const)('%j in %i: %j', (name, count, want) => expect(initials(name, count)).toBe(want));
