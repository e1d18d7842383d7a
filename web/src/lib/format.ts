// Values as people read them. Amounts arrive as decimal text and are never made
// into floating-point numbers: grouping works on the digits.

export type Locale = 'zh-CN' | 'en';

export interface Formats {
  locale: Locale;
  /** IANA zone that instants are shown in. */
  zone: string;
  /** The company's currency, for amounts whose record names none. */
  currency: string;
}

const symbols = new Map<string, string>();

/** The narrow sign of a currency: ¥, $, €; its code where it has none. */
export function currencySign(currency: string, locale: Locale): string {
  const key = `${locale} ${currency}`;
  let sign = symbols.get(key);
  if (sign === undefined) {
    try {
      const format = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
      });
      sign = format.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
    } catch {
      sign = currency;
    }
    symbols.set(key, sign);
  }
  return sign;
}

/** Decimal text with grouped thousands; digits pads (never cuts) the fraction. */
export function decimalText(value: string | number, digits = 0): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!match) return String(value);
  const [, sign, whole = '', fraction = ''] = match;
  const trimmed = fraction.replace(/0+$/, '').padEnd(digits, '0');
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${trimmed ? `.${trimmed}` : ''}`;
}

/** An amount with the sign of its currency; it arrives with the decimals that the currency has. */
export function moneyText(value: string, formats: Formats, currency?: string | null): string {
  const text = decimalText(value, value.split('.')[1]?.length ?? 0);
  const sign = currencySign(currency || formats.currency, formats.locale);
  return text.startsWith('−') ? `−${sign}${text.slice(1)}` : `${sign}${text}`;
}

export function dateText(value: string, { locale }: Formats): string {
  if (locale === 'zh-CN') return value;
  const [year, month, day] = value.split('-').map(Number);
  if (!year || !month || !day) return value;
  return dateFormat(locale, 'UTC', false).format(Date.UTC(year, month - 1, day));
}

/** A time zone as people know it: 中国标准时间 UTC+8 · Asia/Shanghai. Its id where the browser has no name. */
export function zoneText(zone: string, locale: Locale): string {
  const part = (timeZoneName: 'long' | 'shortOffset') =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName })
      .formatToParts(0)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  try {
    const offset = part('shortOffset').replace('GMT', 'UTC');
    const name = part('long');
    return `${/^GMT/.test(name) ? '' : `${name} `}${offset} · ${zone.replaceAll('_', ' ')}`;
  } catch {
    return zone;
  }
}

export function timeText(value: string): string {
  return value.endsWith(':00') ? value.slice(0, -3) : value;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: Locale, zone: string, withTime: boolean): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${withTime}`;
  let format = dateFormats.get(key);
  if (!format) {
    const chinese = locale === 'zh-CN';
    format = new Intl.DateTimeFormat(chinese ? 'sv-SE' : locale, {
      timeZone: zone || undefined,
      ...(chinese
        ? { year: 'numeric', month: '2-digit', day: '2-digit' }
        : { year: 'numeric', month: 'short', day: 'numeric' }),
      ...(withTime ? { hour: '2-digit', minute: '2-digit', hour12: false } : {}),
    });
    dateFormats.set(key, format);
  }
  return format;
}

export function instantText(value: string, { locale, zone }: Formats): string {
  const at = Date.parse(value);
  return Number.isNaN(at) ? value : dateFormat(locale, zone, true).format(at);
}

/** A space between figures and hanzi, as everywhere on the page. */
const spaced = (text: string) => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, in the largest whole unit; under a minute nothing: the caller says "just now". */
export function agoText(value: string, locale: Locale, now = Date.now()): string {
  const seconds = (Date.parse(value) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return spaced(format.format(Math.trunc(seconds / size), unit));
  }
  return '';
}

export function bytesText(size: number): string {
  if (size < 1000) return `${size} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 'B';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A capped count as it is shown: 1,234 or 10,000+. */
export function countText(count: { value: number; exact: boolean }): string {
  return decimalText(count.value) + (count.exact ? '' : '+');
}
