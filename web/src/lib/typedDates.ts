// Dates and times as people type them: 2026-11-22, 11/22, 22 日, 明天, 下周一,
// 3 天后, next monday, +3; 14:30, 1430, 下午 3 点半, 3pm. What a Chinese keyboard
// makes full-width counts as half-width.
import { addDays, addMonths, isDate, monthEnd, weekStart, yearEnd } from './dates';
import { halfWidth, parseDate } from './digits';

type Reading = (match: RegExpExecArray, today: string) => string | null;

const pad = (n: string | number) => String(n).padStart(2, '0');

function made(year: string, month: string, dayOfMonth: string): string | null {
  const date = `${year}-${pad(month)}-${pad(dayOfMonth)}`;
  return isDate(date) ? date : null;
}

const hanziDigits = /[一二两三四五六七八九十]/;

/** 1 to 31 in figures or in hanzi (十, 十二, 二十一); NaN when it is neither. */
function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (!hanziDigits.test(text)) return Number.NaN;
  const one = (c: string) =>
    [/一/, /[二两]/, /三/, /四/, /五/, /六/, /七/, /八/, /九/].findIndex((r) => r.test(c)) + 1;
  const [tens, ones] = text.split(/十/);
  if (ones === undefined) return one(text);
  return (tens ? one(tens) : 1) * 10 + (ones ? one(ones) : 0);
}

/** 1 to 7 of a weekday's name; 0 when it is none. */
function dayOfWeek(name: string): number {
  const names = [
    /^(一|mon)/,
    /^(二|tue)/,
    /^(三|wed)/,
    /^(四|thu)/,
    /^(五|fri)/,
    /^(六|sat)/,
    /^([日天七]|sun)/,
  ];
  return names.findIndex((known) => known.test(name)) + 1;
}

function inWeek(name: string, weeks: number, today: string): string | null {
  const which = dayOfWeek(name);
  return which === 0 ? null : addDays(weekStart(today), weeks * 7 + which - 1);
}

const plus =
  (days: number): Reading =>
  (_, today) =>
    addDays(today, days);

function shifted(amount: string, unit: string, sign: number, today: string): string | null {
  const n = count(amount) * sign;
  if (Number.isNaN(n)) return null;
  if (/^(天|日|d)/.test(unit)) return addDays(today, n);
  if (/^(周|星期|礼拜|w)/.test(unit)) return addDays(today, n * 7);
  return addMonths(today, /^(年|y)/.test(unit) ? n * 12 : n);
}

const readings: [RegExp, Reading][] = [
  [/^(今天|今日|today)$/, plus(0)],
  [/^(明天|明日|tomorrow)$/, plus(1)],
  [/^后天$/, plus(2)],
  [/^大后天$/, plus(3)],
  [/^(昨天|昨日|yesterday)$/, plus(-1)],
  [/^前天$/, plus(-2)],
  [
    /^([下上本这]*)(?:周|星期|礼拜)([一二三四五六日天])$/,
    (m, now) => {
      const steps = [...(m[1] ?? '')].reduce((sum, c) => sum + (/下/.test(c) ? 1 : /上/.test(c) ? -1 : 0), 0);
      return inWeek(m[2] ?? '', steps, now);
    },
  ],
  [
    /^(next|last|this)?\s*((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)$/,
    (m, now) => inWeek(m[2] ?? '', m[1] === 'next' ? 1 : m[1] === 'last' ? -1 : 0, now),
  ],
  [/^(本)?月(底|末)$/, (_, now) => monthEnd(now)],
  [/^下个?月(底|末)$/, (_, now) => monthEnd(addMonths(now, 1))],
  [/^(今)?年(底|末)$/, (_, now) => yearEnd(now)],
  [
    /^([+-])(\d{1,4})\s*([dwmy天周月年]?)$/,
    (m, now) => shifted(m[2] ?? '', m[3] || 'd', m[1] === '-' ? -1 : 1, now),
  ],
  [
    /^([\d一二两三四五六七八九十]+)\s*个?(天|日|周|星期|礼拜|月|年)(之?后|之?前)$/,
    (m, now) => shifted(m[1] ?? '', m[2] ?? '', /后/.test(m[3] ?? '') ? 1 : -1, now),
  ],
  [/^in (\d+) (day|week|month|year)s?$/, (m, now) => shifted(m[1] ?? '', m[2] ?? '', 1, now)],
  [/^(\d+) (day|week|month|year)s? ago$/, (m, now) => shifted(m[1] ?? '', m[2] ?? '', -1, now)],
  [
    /^(明|去|今|后|前)年(\d{1,2})[月/.-](\d{1,2})[日号]?$/,
    (m, now) => {
      const years = [/今/, /明/, /后/].findIndex((r) => r.test(m[1] ?? ''));
      const back = /去/.test(m[1] ?? '') ? -1 : -2;
      return made(String(Number(now.slice(0, 4)) + (years < 0 ? back : years)), m[2] ?? '', m[3] ?? '');
    },
  ],
  [/^(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?$/, (m, now) => made(now.slice(0, 4), m[1] ?? '', m[2] ?? '')],
  [/^(\d{2})(\d{2})$/, (m, now) => made(now.slice(0, 4), m[1] ?? '', m[2] ?? '')],
  [/^(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/, (m) => made(`20${m[1]}`, m[2] ?? '', m[3] ?? '')],
  [/^(\d{1,2})\s*[日号]$/, (m, now) => made(now.slice(0, 4), now.slice(5, 7), m[1] ?? '')],
];

/** The day that was typed, as YYYY-MM-DD; null when it cannot be read or does not exist. */
export function readDate(typed: string, today: string): string | null {
  const text = halfWidth(typed).trim().toLowerCase();
  if (text === '') return null;
  // A pasted moment counts as its day.
  const plain = text
    .replace(/[t\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$/, '')
    .replace(/号$/, '');
  const exact = parseDate(plain);
  if (exact) return exact;
  for (const [pattern, read] of readings) {
    const match = pattern.exec(text);
    if (match) return read(match, today);
  }
  return null;
}

/** The time that was typed, as HH:MM; null when it cannot be read or does not exist. */
export function readTime(typed: string): string | null {
  const text = halfWidth(typed).trim().toLowerCase().replace(/\s+/g, '');
  const match =
    /^(上午|早上|凌晨|中午|下午|晚上|am|pm)?(\d{1,2})(?:[:.点时](?:(\d{1,2})分?|(半)|(一刻))?)?(am|pm)?$/.exec(
      text,
    ) ?? /^()(\d{1,2})(\d{2})$/.exec(text);
  if (!match) return null;
  const [, before = '', hours = '', minutes, half, quarter, after = ''] = match;
  let hour = Number(hours);
  const minute = half ? 30 : quarter ? 15 : Number(minutes ?? 0);
  const word = before || after;
  const isLate = /下午|晚上|pm/.test(word) || (/中午/.test(word) && hour < 11);
  if (isLate && hour < 12) hour += 12;
  if (/am|凌晨/.test(word) && hour === 12) hour = 0;
  return hour > 23 || minute > 59 ? null : `${pad(hour)}:${pad(minute)}`;
}
