import { describe, expect, it } from 'vitest';
import { halfWidth, parseDate, parseDecimal, parseInteger } from './digits';

describe('parseDecimal', () => {
  it.each([
    ['1200.50', '1200.5'],
    ['1,234,567.00', '1234567'],
    ['¥1,234', '1234'],
    ['-¥1,234.50', '-1234.5'],
    ['１，２３４．５０元', '1234.5'],
    ['RMB 80', '80'],
    [' ￥80 ', '80'],
    ['１２３．４５', '123.45'],
    ['￥1，200', '1200'],
    ['¥ 88', '88'],
    ['-0.50', '-0.5'],
    ['-0', '0'],
    ['007', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['0', '0'],
    ['9007199254740993.000001', '9007199254740993.000001'],
  ])('%s', (typed, want) => expect(parseDecimal(typed)).toBe(want));

  it.each(['', ' ', 'abc', '1.2.3', '12万', '1e5', '.', '-', '--1'])('refuses %j', (typed) =>
    expect(parseDecimal(typed)).toBeNull(),
  );
});

describe('parseInteger', () => {
  it.each([
    ['12', 12],
    ['１，２００', 1200],
    ['-3', -3],
    ['5.0', 5],
  ])('%s', (typed, want) => expect(parseInteger(typed)).toBe(want));

  it.each(['1.5', '', 'x', '9007199254740993'])('refuses %j', (typed) =>
    expect(parseInteger(typed)).toBeNull(),
  );
});

describe('parseDate', () => {
  it.each([
    ['2024-01-05', '2024-01-05'],
    ['2024/1/5', '2024-01-05'],
    ['2024.1.5', '2024-01-05'],
    ['2024年1月5日', '2024-01-05'],
    ['20240105', '2024-01-05'],
    [' ２０２４－０２－２９ ', '2024-02-29'],
  ])('%s', (typed, want) => expect(parseDate(typed)).toBe(want));

  it.each(['2023-02-29', '2024-13-01', '5/1/2024', '2024-1', 'today', ''])('refuses %j', (typed) =>
    expect(parseDate(typed)).toBeNull(),
  );
});

it('halfWidth leaves hanzi alone', () => {
  expect(halfWidth('电话：０２１－６４３８　转８')).toBe('电话:021-6438 转8');
});
