import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { get } from '@/api/client';
import type { Entity, Page, Row } from '@/api/types';
import { clauseText } from '@/lib/filter';
import { useTimeline } from '../data';
import { changedAt, type Happening, merge, momentOf } from './happenings';
import type { Log } from './roles';

const step = 30;
/** The most that the server gives at a time. */
const most = 200;

/**
 * The records of a log that are about this one, newest first. A reference that is kept beside what they are
 * about reaches further: to notes about a customer's contacts, and about the lead that it was.
 */
function logQuery({ entity, about }: Log, name: string, id: string, limit: number) {
  const subject = `${name}:${id}`;
  const root = entity.fields.find(({ type, settings }) => type === 'reference' && settings?.target === name);
  const moment = entity.fields.find((field) => field.type === 'instant' && !field.system && field.sortable);
  return {
    queryKey: ['records', entity.name, 'log', subject, limit],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const items: Row[] = [];
      let cursor: string | undefined;
      for (;;) {
        const page: Page<Row> = await get<Page<Row>>(
          `records/${entity.name}`,
          {
            filter: clauseText({ field: (root ?? about).key, op: '==', value: root ? id : subject }),
            sort: moment ? `-${moment.key}` : '-id',
            fields: '*',
            limit: Math.min(limit - items.length, most),
            cursor,
          },
          signal,
        );
        items.push(...page.items);
        cursor = page.next ?? undefined;
        if (!page.has_more || !cursor || items.length >= limit) return { ...page, items };
      }
    },
    placeholderData: (old: Page<Row> | undefined) => old,
  };
}

/** What to show: everything, changes only, or one kind of log. */
export type Kind = 'all' | 'changes' | string;

export function useHappenings(entity: Entity, row: Row, logs: Log[], kind: Kind) {
  const [limit, setLimit] = useState(step);
  const changes = useTimeline(entity.name, row.id);
  const wanted = logs.filter((log) => kind === 'all' || kind === log.entity.name);
  const found = useQueries({ queries: wanted.map((log) => logQuery(log, entity.name, row.id, limit)) });
  const withChanges = kind === 'all' || kind === 'changes';
  const pages = changes.data?.pages;

  const happenings = useMemo(() => {
    const changed: Happening[] = (pages ?? [])
      .flatMap((page) => page.items)
      .map((item) => ({ kind: 'change', at: changedAt(item, row), id: item.id, item }));
    const sources = wanted.map((log, i) => ({
      happenings: (found[i]?.data?.items ?? [])
        .map((one): Happening => ({ kind: 'log', at: momentOf(log, one), id: one.id, log, row: one }))
        .sort((a, b) => (a.at < b.at ? 1 : -1)),
      hasMore: Boolean(found[i]?.data?.has_more),
    }));
    if (withChanges) sources.push({ happenings: changed, hasMore: changes.hasNextPage });
    return merge(sources);
  }, [pages, row, wanted, found, withChanges, changes.hasNextPage]);

  return {
    happenings,
    isPending: (withChanges && changes.isPending) || found.some((one) => one.isPending),
    isFetching: changes.isFetching || found.some((one) => one.isFetching),
    error: (withChanges && changes.error) || found.find((one) => one.error)?.error,
    hasMore: (withChanges && changes.hasNextPage) || found.some((one) => one.data?.has_more),
    retry: () => {
      void changes.refetch();
      for (const one of found) void one.refetch();
    },
    more: () => {
      if (withChanges && changes.hasNextPage) void changes.fetchNextPage();
      if (found.some((one) => one.data?.has_more)) setLimit((old) => old + step);
    },
  };
}

export type Happenings = ReturnType<typeof useHappenings>;
