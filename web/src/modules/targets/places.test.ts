import { expect, it } from 'vitest';
import { moved, type Place, partOf, periodStart } from './places';

const one = (place: number, before: number | null, actual = '0'): Place => ({
  place,
  before,
  actual,
  member: null,
  department: null,
  target: null,
  rate: null,
  last: null,
});

it('says how a place moved', () => {
  expect(moved(one(2, 5))).toBe(3);
  expect(moved(one(5, 2))).toBe(-3);
  expect(moved(one(1, null))).toBe(null);
});

it('makes bars as long as what is had of the first', () => {
  expect(partOf(one(2, null, '25'), one(1, null, '100'))).toBe(0.25);
  expect(partOf(one(1, null, '0'), one(1, null, '0'))).toBe(0);
  expect(partOf(one(2, null, '-5'), one(1, null, '100'))).toBe(0);
});

it('goes from period to period, over the turn of years', () => {
  expect(periodStart('2026-11-23', 'month')).toBe('2026-11-01');
  expect(periodStart('2026-12-31', 'month', 1)).toBe('2027-01-01');
  expect(periodStart('2026-01-15', 'month', -1)).toBe('2025-12-01');
  expect(periodStart('2026-11-23', 'quarter')).toBe('2026-10-01');
  expect(periodStart('2026-02-01', 'quarter', -1)).toBe('2025-10-01');
  expect(periodStart('2026-11-23', 'year', -2)).toBe('2024-01-01');
});
