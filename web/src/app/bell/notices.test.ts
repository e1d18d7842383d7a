import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isStanding, kinds, laterMoments, type Notice, placeOfNotice } from './notices';

test('putting off is until an hour from now, tomorrow morning and next Monday morning on the wall clock', () => {
  // A Sunday evening in Shanghai, still Sunday noon in UTC.
  const now = Date.parse('2026-11-22T12:30:00Z');
  expect(laterMoments('Asia/Shanghai', now).map(({ at }) => new Date(at).toISOString())).toEqual([
    '2026-11-22T13:30:00.000Z',
    '2026-11-23T01:00:00.000Z',
  ]);
  // On a Monday it is the next one.
  const monday = Date.parse('2026-11-23T02:00:00Z');
  expect(new Date(laterMoments('Asia/Shanghai', monday)[2]?.at ?? 0).toISOString()).toBe(
    '2026-11-30T01:00:00.000Z',
  );
});

test('a notice leads to its record, several given to one’s own list, a hidden one nowhere', () => {
  const notice = (values: Partial<Notice>) =>
    ({ id: 'a', version: 1, title: '', kind: 'given', count: 1, of: null, about: null, ...values }) as Notice;
  const about = { type: 'crm.customer', id: '0123456789abc', label: '甲' };
  expect(placeOfNotice(notice({ about }))).toBe('/crm/customer/0123456789abc');
  expect(placeOfNotice(notice({ about, of: 'crm.customer', count: 3 }))).toBe('/crm/customer?view=mine');
  expect(
    placeOfNotice(notice({ about: { type: 'crm.customer', id: null, label: null, hidden: true } })),
  ).toBe(undefined);
});

test('every kind of notice that the server sends is known, and a question stands until it is answered', () => {
  const texts = new URL('../../../../internal/modules/org/zh.json', import.meta.url);
  const codes = Object.keys(JSON.parse(readFileSync(fileURLToPath(texts), 'utf8')))
    .filter((key) => key.startsWith('org.reminder.kind='))
    .map((key) => key.slice('org.reminder.kind='.length));
  expect([...kinds].sort()).toEqual(codes.sort());
  const standing = kinds.filter((kind) => isStanding({ kind } as Notice));
  expect(standing).toEqual(['moment', 'asked']);
});
