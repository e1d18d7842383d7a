import { describe, expect, it } from 'vitest';
import { together } from './collide';

describe('two administrators change one thing', () => {
  it('takes each part from whoever changed it', () => {
    const base = { name: 'a', phone: '1', gone: 'x' };
    expect(together(base, { ...base, name: 'b' }, { name: 'a', phone: '2', made: 'y' })).toEqual({
      merged: { name: 'b', phone: '2', made: 'y' },
      both: [],
    });
  });
  it('keeps mine and names the part when both changed it', () => {
    const { merged, both } = together({ n: 1, list: [1] }, { n: 2, list: [1, 2] }, { n: 3, list: [1, 2] });
    expect(merged).toEqual({ n: 2, list: [1, 2] });
    expect(both).toEqual(['n']);
  });
  it('sees that one took away what the other changed', () => {
    expect(together({ a: 1, b: 1 }, { b: 1 }, { a: 2, b: 1 })).toEqual({ merged: { b: 1 }, both: ['a'] });
  });
});
