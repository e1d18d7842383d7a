// Records on days, without a screen.
import type { Field, Row } from '@/api/types';
import { addDays, monthStart, monthWeeks, weekStart } from '@/lib/dates';
import { both } from '@/lib/filter';
import { instantAt, wallTime } from '@/lib/zones';

/** The days on show: the weeks of a month, or one week. */
export function weeksOf(span: string, at: string): string[][] {
  if (span === 'week') {
    const first = weekStart(at);
    return [[0, 1, 2, 3, 4, 5, 6].map((i) => addDays(first, i))];
  }
  const month = monthStart(at).slice(0, 7);
  return monthWeeks(at).filter((week) => week.some((day) => day.startsWith(month)));
}

/** The day on which a value falls for the reader; undefined when it has none. */
export function dayOf(field: Field, value: unknown, zone: string): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return field.type === 'instant' ? wallTime(Date.parse(value), zone).slice(0, 10) : value.slice(0, 10);
}

/** The time of a moment, as clocks show it; "" of a day. */
export function timeOf(field: Field, value: unknown, zone: string): string {
  if (field.type !== 'instant' || typeof value !== 'string') return '';
  return wallTime(Date.parse(value), zone).slice(11, 16);
}

/** The value on another day: a moment keeps its time. */
export function onDay(field: Field, value: unknown, day: string, zone: string): string {
  if (field.type !== 'instant') return day;
  const time = typeof value === 'string' ? wallTime(Date.parse(value), zone).slice(10) : 'T09:00:00';
  return new Date(instantAt(day + time, zone)).toISOString();
}

/** The filter of the records on show. */
export function daysFilter(filter: string | undefined, by: string, from: string, to: string): string {
  return both(filter, `${by} between "${from}" and "${to}"`) ?? '';
}

export function byDay(rows: Row[], field: Field, zone: string): Map<string, Row[]> {
  const out = new Map<string, Row[]>();
  for (const row of rows) {
    const day = dayOf(field, row[field.key], zone);
    if (!day) continue;
    const list = out.get(day);
    if (list) list.push(row);
    else out.set(day, [row]);
  }
  return out;
}
