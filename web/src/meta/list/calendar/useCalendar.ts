// What a calendar reads and writes.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, Problem, post } from '@/api/client';
import type { Entity, Field, Page, Pending, Row, Undone } from '@/api/types';
import { toasts } from '@/ui/toasts';
import { type Contexts, fieldsOf, may } from '../../context';
import { isPending, type ListQuery, records, refresh } from '../../data';
import { canEdit, valueText } from '../../fields';
import { currentOf } from '../../form/merge';
import { useProblemText } from '../../ProblemNotice';
import type { Shape } from '../query';
import { daysFilter, onDay } from './days';

/** So many records are fetched for the days on show; the counts are those of all. */
const most = 200;
const pages = 4;

interface Asked {
  entity: Entity;
  shape: Shape;
  query: ListQuery;
  isKnown: boolean;
}

/** The records of the days on show, and how many each day has in all. */
export function useDays({ entity, shape, query, isKnown }: Asked, weeks: string[][]) {
  const from = weeks[0]?.[0] ?? '';
  const to = weeks.at(-1)?.[6] ?? '';
  const filter = daysFilter(query.filter, shape.by, from, to);
  const states = entity.layout.kanban ? [entity.layout.kanban] : [];
  const fields = [...new Set([entity.title, shape.by, ...states])].join(',');
  const list = useQuery({
    queryKey: ['records', entity.name, 'days', { filter, fields, q: query.q }],
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages; page++) {
        const one = await get<Page<Row>>(
          `records/${entity.name}`,
          { filter, q: query.q, fields, sort: shape.by, limit: most, cursor },
          signal,
        );
        rows.push(...one.items);
        if (!one.has_more || !one.next) break;
        cursor = one.next;
      }
      return rows;
    },
    enabled: isKnown,
    placeholderData: (old, oldQuery) => (oldQuery?.queryKey[1] === entity.name ? old : undefined),
  });
  const counted = useQuery({
    queryKey: ['records', entity.name, 'daycount', filter, shape.by],
    queryFn: () =>
      post<{ rows: [string | null, number][] }>(`records/${entity.name}/aggregate`, {
        filter,
        group: [`${shape.by}:day`],
        measures: ['count'],
      }),
    enabled: isKnown && !query.q,
  });
  const rows = list.data ?? [];
  const counts = new Map<string, number>();
  for (const [day, n] of counted.data?.rows ?? []) if (day) counts.set(day, Number(n));
  return {
    rows,
    counts,
    isPending: list.isPending || (counted.isPending && !query.q),
    error: list.error,
    refetch: () => list.refetch(),
  };
}

/** Moving a record to another day: written under the version that was seen, taken back for six seconds. */
export function useDayMove(entity: Entity, field: Field, contexts: Contexts) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [asked, ask] = useState<Row | null>(null);
  const mayMove = may(entity, 'update') && canEdit(field);

  function said(row: Row, answer: Row | Pending) {
    if (isPending(answer)) return toasts.say(t('form.pending'));
    const { changeset } = answer;
    const undo = async () => {
      try {
        const { conflicts } = await post<Undone>(`changesets/${changeset}/undo`, {});
        if (conflicts?.length) toasts.warn(t('record.undo_late'));
      } catch (error) {
        toasts.warn(problemText(error));
      }
      await refresh(client, entity.name, row.id);
    };
    const title = titleText(entity, row, contexts) || t('field.untitled');
    const to = valueText(answer[field.key], { ...contexts, field });
    toasts.say(
      t('board.moved', { title, to }),
      typeof changeset === 'string' ? () => void undo() : undefined,
    );
  }

  async function move(row: Row, day: string) {
    const value = onDay(field, row[field.key], day, contexts.zone);
    if (value === row[field.key]) return;
    client.setQueriesData<Row[]>({ queryKey: ['records', entity.name, 'days'] }, (old) =>
      old?.map((one) => (one.id === row.id ? { ...one, [field.key]: value } : one)),
    );
    try {
      said(row, await records.change(entity.name, row.id, row.version, { [field.key]: value }));
    } catch (error) {
      const title = titleText(entity, row, contexts);
      if (currentOf(error)) toasts.warn(t('board.stale', { title }));
      else if (error instanceof Problem) toasts.warn(error.body.errors?.[0]?.message ?? problemText(error));
      else throw error;
    } finally {
      await refresh(client, entity.name, row.id);
    }
  }

  return {
    mayMove,
    move,
    asked,
    ask,
    answered(row?: Row, answer?: Row | Pending) {
      if (row && answer) said(row, answer);
      ask(null);
    },
  };
}

export function titleText(entity: Entity, row: Row, contexts: Contexts): string {
  const title = fieldsOf(entity).get(entity.title);
  return title ? valueText(row[title.key], { ...contexts, field: title, row }) : '';
}
