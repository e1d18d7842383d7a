// Days of the calendar as the API writes them (YYYY-MM-DD), without a time and
// without a zone: counted in UTC, where every day has 24 hours. Weeks begin on
// Monday (GB/T 7408, ISO 8601).

const day = 86_400_000;

const at = (date: string) => Date.parse(`${date}T00:00:00Z`);
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && dateOf(at(text)) === text;
}

/** The day it is in the zone (IANA; "" is the browser's). */
export function today(zone = '', now = Date.now()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone || undefined }).format(now);
}

export function addDays(date: string, days: number): string {
  return dateOf(at(date) + days * day);
}

/** The same day some months on; the last of the month where it has no such day. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return dateOf(first.getTime() + (Math.min(dayOfMonth, last) - 1) * day);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(date: string): number {
  return new Date(at(date)).getUTCDay() || 7;
}

export const monthStart = (date: string) => `${date.slice(0, 7)}-01`;
export const monthEnd = (date: string) => addDays(addMonths(monthStart(date), 1), -1);
export const weekStart = (date: string) => addDays(date, 1 - weekday(date));
export const yearStart = (date: string) => `${date.slice(0, 4)}-01-01`;
export const yearEnd = (date: string) => `${date.slice(0, 4)}-12-31`;

export function quarterStart(date: string): string {
  const month = Number(date.slice(5, 7));
  return addMonths(monthStart(date), -((month - 1) % 3));
}

/** The number of the week by ISO 8601: week 1 is the one with the year's first Thursday. */
export function isoWeek(date: string): number {
  const thursday = addDays(date, 4 - weekday(date));
  return Math.floor((at(thursday) - at(yearStart(thursday))) / (7 * day)) + 1;
}

/** Six weeks of seven days, Monday first, that show the whole month of the day. */
export function monthWeeks(date: string): string[][] {
  const first = weekStart(monthStart(date));
  return [0, 1, 2, 3, 4, 5].map((week) => [0, 1, 2, 3, 4, 5, 6].map((i) => addDays(first, week * 7 + i)));
}

/** How many days lie between; negative when the second comes first. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / day);
}
