import { describe, expect, it } from 'vitest';
import { placesOf, spansOf } from './find';
import { density, stepped, zoomIn } from './scale';

const a4 = { width: 595, height: 842 };

describe('the size of a page', () => {
  it('fits the room', () => {
    expect(zoomIn('width', a4, { width: 595 * (96 / 72) + 24, height: 100 })).toBeCloseTo(1);
    expect(zoomIn('page', a4, { width: 2000, height: 842 * (96 / 72) * 0.5 + 24 })).toBeCloseTo(0.5);
    expect(zoomIn('width', a4, { width: 9000, height: 100 })).toBe(2);
    expect(zoomIn('width', a4, { width: 10, height: 10 })).toBe(0.25);
    expect(zoomIn(1.5, a4, { width: 10, height: 10 })).toBe(1.5);
  });
  it('goes by steps to both ends', () => {
    expect(stepped(1, 1)).toBe(1.1);
    expect(stepped(1, -1)).toBe(0.9);
    expect(stepped(0.97, 1)).toBe(1);
    expect(stepped(5, 1)).toBe(5);
    expect(stepped(0.25, -1)).toBe(0.25);
  });
  it('never asks for a larger canvas than a phone has', () => {
    expect(density(800, 1000, 2)).toBe(2);
    expect(4000 * 5000 * density(4000, 5000, 3) ** 2).toBeLessThanOrEqual(16_000_001);
  });
});

describe('words in a page', () => {
  it('are found through blanks, cases and widths', () => {
    expect(placesOf(['购 销\n合同', 'Contract ＮＯ．１', '合同 合同'], '合同')).toEqual([1, 3, 3]);
    expect(placesOf(['购 销\n合同', 'Contract ＮＯ．１'], 'contract no.1')).toEqual([2]);
    expect(placesOf(['合同'], '  ')).toEqual([]);
  });
  it('are found over the pieces of a line', () => {
    expect(spansOf(['购销合', '同 A', '𠮷合同'], '合同')).toEqual([
      { from: { piece: 0, at: 2 }, to: { piece: 1, at: 1 } },
      { from: { piece: 2, at: 2 }, to: { piece: 2, at: 4 } },
    ]);
    expect(spansOf(['x𠮷'], '𠮷')).toEqual([{ from: { piece: 0, at: 1 }, to: { piece: 0, at: 3 } }]);
    expect(spansOf(['abc'], '')).toEqual([]);
  });
});
