// The timeline: what was changed and what was logged, as one row of time.
import type { Row, TimelineItem } from '@/api/types';
import { type Log, momentField } from './roles';

export type Happening =
  | { kind: 'change'; at: string; id: string; item: TimelineItem }
  | { kind: 'log'; at: string; id: string; log: Log; row: Row };

interface Source {
  happenings: Happening[];
  /** Older ones are not fetched yet. */
  hasMore: boolean;
}

/**
 * Merges sources that are each newest first. What lies before the oldest fetched
 * happening of a source that has more is held back: something may still come
 * between.
 */
export function merge(sources: Source[]): Happening[] {
  const edge = sources
    .filter((source) => source.hasMore)
    .map((source) => source.happenings.at(-1)?.at ?? '')
    .sort()
    .at(-1);
  return sources
    .flatMap((source) => source.happenings)
    .filter((one) => edge === undefined || one.at >= edge)
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1));
}

/** When a logged record counts as having happened: its own moment, else when it was made. */
export function momentOf(log: Log, row: Row): string {
  const own = momentField(log);
  const value = own && row[own.key];
  return typeof value === 'string' && value !== '' ? value : String(row.created_at ?? '');
}

/**
 * When a change counts as having happened. A record that was brought from
 * elsewhere began where it was made, not where it was brought in: what was
 * logged there in between stands above its beginning.
 */
export function changedAt(item: TimelineItem, row: Row): string {
  const since = row.source_created_at;
  const began = item.kind === 'create' || item.kind === 'import';
  return began && typeof since === 'string' && since !== '' && since < item.at ? since : item.at;
}
