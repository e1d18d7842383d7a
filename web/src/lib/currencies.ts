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
