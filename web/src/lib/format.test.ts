import { describe, expect, it } from 'vitest';
import {
  agoText,
  bytesText,
  countText,
  dateText,
  decimalText,
  type Formats,
  instantText,
  moneyText,
  timeText,
  zoneText,
} from './format';

describe('time zones', () => {
  it('go by their name, their distance from UTC and their city', () => {
    expect(zoneText('Asia/Shanghai', 'zh-CN')).toBe('中国标准时间 UTC+8 · Asia/Shanghai');
    expect(zoneText('Asia/Hong_Kong', 'en')).toBe('Hong Kong Standard Time UTC+8 · Asia/Hong Kong');
    expect(zoneText('Nowhere/City', 'en')).toBe('Nowhere/City');
  });
});

const zh: Formats = { locale: 'zh-CN', zone: 'Asia/Shanghai', currency: 'CNY' };
const en: Formats = { locale: 'en', zone: 'America/New_York', currency: 'USD' };

describe('amounts', () => {
  it.each([
    ['0', 0, '0'],
    ['1234567.5', 2, '1,234,567.50'],
    ['-1234', 0, '−1,234'],
    ['12.345600', 0, '12.3456'],
    ['123', 0, '123'],
    ['9007199254740993.123456', 0, '9,007,199,254,740,993.123456'],
    ['not a number', 0, 'not a number'],
  ] as [string, number, string][])('%s with %i digits', (value, digits, want) =>
    expect(decimalText(value, digits)).toBe(want),
  );

  it('carry the narrow sign of their currency', () => {
    expect(moneyText('1200.00', zh)).toBe('¥1,200.00');
    expect(moneyText('-1200.50', zh)).toBe('−¥1,200.50');
    expect(moneyText('1200', zh, 'JPY')).toBe('¥1,200');
    expect(moneyText('1200.00', zh, 'USD')).toBe('$1,200.00');
    expect(moneyText('1200.00', en)).toBe('$1,200.00');
    expect(moneyText('5', en, 'nonsense')).toBe('nonsense5');
  });
});

describe('dates and times', () => {
  it('stay as stored in Chinese, are spelled out in English', () => {
    expect(dateText('2024-01-05', zh)).toBe('2024-01-05');
    expect(dateText('2024-01-05', en)).toBe('Jan 5, 2024');
    expect(dateText('odd', en)).toBe('odd');
  });
  it('are shown in the zone of the viewer', () => {
    expect(instantText('2024-01-05T16:30:00Z', zh)).toBe('2024-01-06 00:30');
    expect(instantText('2024-01-05T16:30:00Z', en)).toContain('Jan 5, 2024');
    expect(instantText('odd', zh)).toBe('odd');
  });
  it('drop seconds that say nothing', () => {
    expect(timeText('13:04:00')).toBe('13:04');
    expect(timeText('13:04:05')).toBe('13:04:05');
  });
  it('tell how long ago', () => {
    const now = Date.parse('2024-03-10T12:00:00Z');
    expect(agoText('2024-03-10T10:00:00Z', 'en', now)).toBe('2 hours ago');
    expect(agoText('2024-03-09T11:00:00Z', 'en', now)).toBe('yesterday');
    expect(agoText('2024-03-10T11:59:58Z', 'en', now)).toBe('');
    expect(agoText('2022-03-10T12:00:00Z', 'zh-CN', now)).toContain('年');
  });
});

it('sizes and counts', () => {
  expect(bytesText(999)).toBe('999 B');
  expect(bytesText(482_133)).toBe('482 kB');
  expect(bytesText(1_500_000)).toBe('1.5 MB');
  expect(countText({ value: 10_000, exact: false })).toBe('10,000+');
  expect(countText({ value: 480, exact: true })).toBe('480');
});
