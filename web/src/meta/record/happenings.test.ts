import { describe, expect, it } from 'vitest';
import type { TimelineItem } from '@/api/types';
import { makeEntity, makeField } from '../make';
import { changedAt, type Happening, merge, momentOf } from './happenings';
import { filesOf, logsOf, reachOf, statusField, uploadField } from './roles';

const at = (id: string, minute: string) =>
  ({ kind: 'change', at: `2026-11-22T08:${minute}:00Z`, id, item: {} }) as Happening;
const ids = (list: Happening[]) => list.map((one) => one.id);

describe('merge', () => {
  it('puts sources into one order, newest first', () => {
    const changes = [at('d', '40'), at('b', '20')];
    const logs = [at('c', '30'), at('a', '10')];
    expect(
      ids(
        merge([
          { happenings: changes, hasMore: false },
          { happenings: logs, hasMore: false },
        ]),
      ),
    ).toEqual(['d', 'c', 'b', 'a']);
  });
  it('holds back what something unfetched may still come before', () => {
    const changes = [at('d', '40'), at('c', '30')];
    const logs = [at('b', '20'), at('a', '10')];
    expect(
      ids(
        merge([
          { happenings: changes, hasMore: true },
          { happenings: logs, hasMore: false },
        ]),
      ),
    ).toEqual(['d', 'c']);
  });
  it('shows nothing before the first page of a source that has more', () => {
    expect(ids(merge([{ happenings: [at('a', '10')], hasMore: false }]))).toEqual(['a']);
  });
});

const customer = makeEntity([
  makeField('name', 'text'),
  makeField('status', 'choice'),
  makeField('phone', 'phone'),
  makeField('phones', 'phone'),
  makeField('seal', 'file', { read_only: true }),
  makeField('attachments', 'file'),
]);
const visit = makeEntity(
  [
    makeField('about', 'any_ref', { settings: { targets: ['crm.customer'] } }),
    makeField('held_at', 'instant'),
    makeField('created_at', 'instant', { system: true }),
  ],
  { name: 'crm.visit' },
);

describe('what fields are for', () => {
  it('finds logs by what they are about', () => {
    const found = logsOf({ 'crm.customer': customer, 'crm.visit': visit }, customer);
    expect(found.map((log) => [log.entity.name, log.about.key])).toEqual([['crm.visit', 'about']]);
    expect(logsOf({ 'crm.visit': visit }, visit)).toEqual([]);
  });
  it('a log counts from its own moment, else from when it was made', () => {
    const about = visit.fields[0];
    if (!about) throw new Error('no field');
    const log = { entity: visit, about };
    const row = { id: '1', version: 1, created_at: '2026-11-22T08:00:00Z' };
    expect(momentOf(log, row)).toBe('2026-11-22T08:00:00Z');
    expect(momentOf(log, { ...row, held_at: '2026-11-20T02:00:00Z' })).toBe('2026-11-20T02:00:00Z');
  });
  it('finds the status, the number to call, the files and where they go', () => {
    expect(statusField(customer)?.key).toBe('status');
    expect(reachOf(customer, { id: '1', version: 1, phone: null, phones: ['1', '2'] }).phone).toBe('1');
    expect(uploadField(customer)?.key).toBe('attachments');
    const row = { id: '1', version: 1, seal: [{ id: 'a' }], attachments: [{ id: 'b' }, { id: 'c' }] };
    expect(filesOf(customer, row).map(({ file }) => file.id)).toEqual(['a', 'b', 'c']);
  });
});

describe('changedAt', () => {
  const change = (kind: string) => ({ kind, at: '2026-11-22T08:00:00Z' }) as TimelineItem;
  const row = { id: '1', version: 1, source_created_at: '2025-03-04T00:00:00Z' };
  it('puts the beginning of a record that was brought in where it began', () => {
    expect(changedAt(change('import'), row)).toBe('2025-03-04T00:00:00Z');
    expect(changedAt(change('create'), row)).toBe('2025-03-04T00:00:00Z');
  });
  it('leaves every other change where it was made', () => {
    expect(changedAt(change('update'), row)).toBe('2026-11-22T08:00:00Z');
    expect(changedAt(change('create'), { id: '1', version: 1 })).toBe('2026-11-22T08:00:00Z');
    expect(changedAt(change('create'), { ...row, source_created_at: '2027-01-01T00:00:00Z' })).toBe(
      '2026-11-22T08:00:00Z',
    );
  });
});
