import { parseAbsolute, parseDateTime, toZoned } from '@internationalized/date';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  daysBetween,
  isDate,
  isoWeek,
  monthEnd,
  monthWeeks,
  quarterStart,
  today,
  weekday,
} from './dates';
import { readDate, readTime } from './typedDates';
import { instantAt, wallTime } from './zones';

describe('days', () => {
  it('go on over months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2024-03-31', -13)).toBe('2023-02-28');
    expect(monthEnd('2026-11-22')).toBe('2026-11-30');
    expect(quarterStart('2026-11-22')).toBe('2026-10-01');
    expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1);
  });

  it('have their weekday and week', () => {
    expect(weekday('2026-11-22')).toBe(7);
    expect(weekday('2026-11-23')).toBe(1);
    expect(isoWeek('2026-11-22')).toBe(47);
    expect(isoWeek('2027-01-03')).toBe(53);
    expect(isoWeek('2027-01-04')).toBe(1);
    expect(isoWeek('2024-12-30')).toBe(1);
  });

  it('stand in six weeks that begin on Monday and hold the month', () => {
    for (let month = 1; month <= 24; month++) {
      const first = addMonths('2026-01-01', month);
      const weeks = monthWeeks(first);
      expect(weeks.every((week) => week.length === 7 && weekday(week[0] ?? '') === 1)).toBe(true);
      const days = weeks.flat();
      expect(days).toContain(first);
      expect(days).toContain(monthEnd(first));
    }
  });

  it('are those of the zone', () => {
    const late = Date.parse('2026-11-22T16:30:00Z');
    expect(today('Asia/Shanghai', late)).toBe('2026-11-23');
    expect(today('America/New_York', late)).toBe('2026-11-22');
  });

  it('only days that exist are dates', () => {
    expect(isDate('2024-02-29')).toBe(true);
    for (const bad of ['2023-02-29', '2024-2-1', '', 'x', '2024-13-01']) expect(isDate(bad)).toBe(false);
  });
});

// 2026-11-22 is a Sunday: the week of "this" is the one that ends with it.
describe('dates as they are typed on 2026-11-22', () => {
  it.each([
    ['2026-11-22', '2026-11-22'],
    ['2026/1/5', '2026-01-05'],
    ['２０２６年１月５日', '2026-01-05'],
    ['2026年1月5号', '2026-01-05'],
    ['20260105', '2026-01-05'],
    ['26.1.5', '2026-01-05'],
    ['2026-11-22 14:30', '2026-11-22'],
    ['2026-11-22T06:30:00Z', '2026-11-22'],
    ['11/22', '2026-11-22'],
    ['11月3日', '2026-11-03'],
    ['１１．３', '2026-11-03'],
    ['1203', '2026-12-03'],
    ['25号', '2026-11-25'],
    ['明年1月1日', '2027-01-01'],
    ['去年12/31', '2025-12-31'],
    ['今天', '2026-11-22'],
    ['明天', '2026-11-23'],
    ['大后天', '2026-11-25'],
    ['前天', '2026-11-20'],
    ['周一', '2026-11-16'],
    ['下周一', '2026-11-23'],
    ['下下周三', '2026-12-02'],
    ['上星期天', '2026-11-15'],
    ['本周日', '2026-11-22'],
    ['月底', '2026-11-30'],
    ['下个月底', '2026-12-31'],
    ['年底', '2026-12-31'],
    ['3天后', '2026-11-25'],
    ['两周后', '2026-12-06'],
    ['十五天前', '2026-11-07'],
    ['1个月后', '2026-12-22'],
    ['+3', '2026-11-25'],
    ['-1', '2026-11-21'],
    ['+3d', '2026-11-25'],
    ['+2周', '2026-12-06'],
    ['-1m', '2026-10-22'],
    ['＋１y', '2027-11-22'],
    ['2026-3-5', '2026-03-05'],
    ['3/5', '2026-03-05'],
    ['Tomorrow', '2026-11-23'],
    ['next monday', '2026-11-23'],
    ['fri', '2026-11-20'],
    ['in 2 weeks', '2026-12-06'],
    ['3 days ago', '2026-11-19'],
  ])('%s', (typed, want) => expect(readDate(typed, '2026-11-22')).toBe(want));

  it.each(['', ' ', '周八', '2026-02-30', '13/1', '32号', 'someday', '0000', '明天吧', '2026'])(
    'refuses %j',
    (typed) => expect(readDate(typed, '2026-11-22')).toBeNull(),
  );
});

describe('times as they are typed', () => {
  it.each([
    ['9', '09:00'],
    ['14:30', '14:30'],
    ['１４：３０', '14:30'],
    ['1430', '14:30'],
    ['930', '09:30'],
    ['9点', '09:00'],
    ['9点半', '09:30'],
    ['下午3点', '15:00'],
    ['下午3点15分', '15:15'],
    ['晚上8点一刻', '20:15'],
    ['中午12点', '12:00'],
    ['中午1点', '13:00'],
    ['凌晨12点', '00:00'],
    ['3pm', '15:00'],
    ['12 am', '00:00'],
    ['0:05', '00:05'],
  ])('%s', (typed, want) => expect(readTime(typed)).toBe(want));

  it.each(['', '25:00', '12:60', 'noon', '下午', '12345'])('refuses %j', (typed) =>
    expect(readTime(typed)).toBeNull(),
  );
});

describe('moments and clocks on walls', () => {
  const zones = [
    'Asia/Shanghai',
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ];
  it.each(zones)('agree in %s, also where clocks change', (zone) => {
    // Every 6 h 7 min of a year meets hours that are skipped and hours that come twice.
    for (let i = 0; i < 1440; i++) {
      const wall = new Date(Date.UTC(2026, 0, 1) + i * 22_020_000).toISOString().slice(0, 19);
      const known = toZoned(parseDateTime(wall), zone, 'compatible').toDate().getTime();
      expect(instantAt(wall, zone), wall).toBe(known);
      expect(wallTime(known, zone)).toBe(
        parseAbsolute(new Date(known).toISOString(), zone).toString().slice(0, 19),
      );
    }
  });

  it('agree in the hours around a change', () => {
    for (const day of ['2026-03-08', '2026-11-01']) {
      for (let minute = 0; minute < 300; minute += 15) {
        const wall = new Date(Date.parse(`${day}T00:00:00Z`) + minute * 60_000).toISOString().slice(0, 19);
        const known = toZoned(parseDateTime(wall), 'America/New_York', 'compatible').toDate().getTime();
        expect(instantAt(wall, 'America/New_York'), wall).toBe(known);
      }
    }
  });
});
