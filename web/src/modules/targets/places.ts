// What rankings say: whose place is which, how it moved, which period it is.
import type { TFunction } from 'i18next';
import type { Field, Ref, Row } from '@/api/types';
import { decimalText, type Formats, type Locale, moneyText } from '@/lib/format';

export const rankings = 'targets.ranking';

/** Somebody's or some department's place. */
export interface Place {
  place: number;
  before: number | null;
  member: Ref | null;
  department: Ref | null;
  actual: string;
  target: string | null;
  rate: string | null;
  last: string | null;
}

/** What is counted; everything else is an amount in the company's own currency. */
const counted = ['won_count', 'new_customers', 'visits'];

/** The places with figures of as many digits behind the point: the points stand below one another. */
export function evened(places: Place[]): Place[] {
  const fraction = (value: string) => value.split('.')[1] ?? '';
  const most = Math.max(0, ...places.map((one) => fraction(one.actual).length));
  const digits = most === 1 ? 2 : most;
  return places.map((one) => ({
    ...one,
    actual: digits ? `${one.actual.split('.')[0]}.${fraction(one.actual).padEnd(digits, '0')}` : one.actual,
  }));
}

/** A figure of a measure as people read it; of an amount no half of the fraction alone. */
export function figureText(measure: string, value: string, formats: Formats): string {
  if (counted.includes(measure)) return decimalText(value);
  return moneyText(/\.\d$/.test(value) ? `${value}0` : value, formats);
}

/** How many places somebody went up; below 0 down, null for who had none before. */
export function moved(one: Place): number | null {
  return one.before === null ? null : one.before - one.place;
}

/** Whose place it is. */
export function subjectOf(one: Place): Ref {
  return one.member ?? one.department ?? { id: null, label: null };
}

/** How much of the first one's figure, or of his rate where that decides, somebody has, 0 to 1; for the width of a bar. */
export function partOf(one: Place, first: Place | undefined, by: 'actual' | 'rate' = 'actual'): number {
  const whole = Number(first?.[by] ?? 0);
  return whole > 0 ? Math.max(0, Math.min(1, Number(one[by] ?? 0) / whole)) : 0;
}

/** By what a ranking puts people in order. */
export function orderOf(ranking: Row | undefined): 'actual' | 'rate' {
  return ranking?.by === 'rate' ? 'rate' : 'actual';
}

/** Whether somebody has done anything: who has not stands below, without a place. */
export const isPlaced = (one: Place) => Number(one.actual) !== 0;

const months = { month: 1, quarter: 3, year: 12 } as const;
export type Period = keyof typeof months;

export function periodOf(ranking: Row): Period {
  const period = String(ranking.period);
  return period === 'quarter' || period === 'year' ? period : 'month';
}

/** The first day of the period that a day is in, some periods on. */
export function periodStart(day: string, period: Period, on = 0): string {
  const [year = 2000, month = 1] = day.split('-').map(Number);
  const size = months[period];
  const at = year * 12 + Math.floor((month - 1) / size) * size + on * size;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-01`;
}

export function periodText(start: string, period: Period, t: TFunction, locale: Locale): string {
  const [year = 2000, month = 1] = start.split('-').map(Number);
  if (period === 'year') return t('ranking.year', { year });
  if (period === 'quarter') return t('ranking.quarter', { year, quarter: Math.ceil(month / 3) });
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.UTC(year, month - 1),
  );
}

/** Today where the company is. */
export function today(zone: string): string {
  return new Intl.DateTimeFormat('sv', { timeZone: zone || undefined }).format(Date.now());
}

/** The measures of a ranking in their order, with their names. */
export function measuresOf(ranking: Row, field: Field | undefined, label: (texts: Field['label']) => string) {
  const codes = Array.isArray(ranking.measures) ? ranking.measures.map(String) : [];
  return codes.map((code) => {
    const found = field?.settings.options?.find((option) => option.code === code);
    return { id: code, name: found ? label(found.label) : code };
  });
}
