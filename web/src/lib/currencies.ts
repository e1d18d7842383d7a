/** The currencies that are offered; CNY first, then by how often companies here meet them. */
export const currencies = [
  'CNY',
  'USD',
  'EUR',
  'HKD',
  'JPY',
  'TWD',
  'SGD',
  'GBP',
  'KRW',
  'AUD',
  'CAD',
  'CHF',
  'THB',
  'VND',
  'MYR',
  'INR',
];

/** A currency as people read it: 人民币 CNY. */
export function currencyName(code: string, locale: string): string {
  const name = new Intl.DisplayNames(locale, { type: 'currency' }).of(code);
  return name && name !== code ? `${name} ${code}` : code;
}
