import { expect, it } from 'vitest';
import type { Row } from '@/api/types';
import { makeField } from '../../make';
import { byDay, dayOf, daysFilter, onDay, timeOf, weeksOf } from './days';

const day = makeField('on', 'date');
const moment = makeField('at', 'instant');
const zone = 'Asia/Shanghai';

it('a month shows its own weeks and no more', () => {
  const weeks = weeksOf('month', '2026-11-23');
  expect([weeks.length, weeks[0]?.[0], weeks.at(-1)?.[6]]).toEqual([6, '2026-10-26', '2026-12-06']);
  expect(weeksOf('month', '2027-02-10').length).toBe(4);
  expect(weeksOf('week', '2026-11-29')[0]?.[0]).toBe('2026-11-23');
});

it('a moment falls on the day of its reader, and keeps its time on another one', () => {
  expect(dayOf(moment, '2026-11-22T16:30:00Z', zone)).toBe('2026-11-23');
  expect(timeOf(moment, '2026-11-22T16:30:00Z', zone)).toBe('00:30');
  expect(onDay(moment, '2026-11-22T16:30:00Z', '2026-12-01', zone)).toBe('2026-11-30T16:30:00.000Z');
  // The clocks of Berlin go back on 25 October: the hour stays, the moment does not.
  expect(onDay(moment, '2026-10-24T08:00:00Z', '2026-10-26', 'Europe/Berlin')).toBe(
    '2026-10-26T09:00:00.000Z',
  );
  expect(onDay(day, '2026-11-22', '2026-12-01', zone)).toBe('2026-12-01');
});

it('records stand on their days', () => {
  const rows = [
    { id: 'a', version: 1, on: '2026-11-23' },
    { id: 'b', version: 1, on: null },
    { id: 'c', version: 1, on: '2026-11-23' },
  ] as Row[];
  expect([...byDay(rows, day, zone)].map(([at, list]) => [at, list.map((row) => row.id)])).toEqual([
    ['2026-11-23', ['a', 'c']],
  ]);
  expect(daysFilter('a == 1', 'on', '2026-11-01', '2026-11-30')).toBe(
    '(a == 1) and (on between "2026-11-01" and "2026-11-30")',
  );
});
