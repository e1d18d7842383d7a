import { beforeEach, expect, it, vi } from 'vitest';
import { type Draft, draftKey, dropDraft, dropDrafts, keepDraft, readDraft } from './drafts';

const store = new Map<string, string>();
beforeEach(() => {
  store.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
    key: (i: number) => [...store.keys()][i] ?? null,
    get length() {
      return store.size;
    },
  });
});

const draft: Draft = { values: { name: 'b' }, base: { name: 'a' }, version: 3, at: 1 };

it('a draft is of one member and one record', () => {
  keepDraft(draftKey('1', 'crm.customer', '7'), draft);
  expect(readDraft(draftKey('1', 'crm.customer', '7'))).toEqual(draft);
  for (const other of [
    draftKey('2', 'crm.customer', '7'),
    draftKey('1', 'crm.customer', '8'),
    draftKey('1', 'crm.customer'),
  ]) {
    expect(readDraft(other)).toBeNull();
  }
});

it('what is empty, broken or given up is no draft', () => {
  const key = draftKey('1', 'crm.customer');
  keepDraft(key, { ...draft, values: {} });
  expect(readDraft(key)).toBeNull();
  store.set(key, '{');
  expect(readDraft(key)).toBeNull();
  keepDraft(key, draft);
  dropDraft(key);
  expect(readDraft(key)).toBeNull();
});

it('signing out drops every draft and nothing else', () => {
  keepDraft(draftKey('1', 'crm.customer'), draft);
  keepDraft(draftKey('2', 'crm.contact', '9'), draft);
  store.set('guanxi.theme', 'dark');
  dropDrafts();
  expect([...store.keys()]).toEqual(['guanxi.theme']);
});
