import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '@/api/client';
import type { Entity, Field, Page, Row } from '@/api/types';
import type { ListQuery } from '../../data';
import { type Board, type Column, cardFields, columnFilter, keyOf } from './columns';

export interface BoardQuery {
  by: string;
  filter: string;
  q: string | undefined;
  sort: string | undefined;
  fields: string[];
  measures: string[];
}

export function boardQuery(entity: Entity, list: ListQuery, by: string, sum: string): BoardQuery {
  return {
    by,
    filter: list.filter ?? '',
    q: list.q,
    sort: list.sort,
    fields: cardFields(entity, by, sum),
    measures: sum ? [`sum:${sum}`] : [],
  };
}

export const boardKey = (entity: string, query: BoardQuery) => ['records', entity, 'board', query];

/** All columns with their counts, sums and first cards, in one call. */
export function useBoard(entity: Entity, query: BoardQuery, isAsked: boolean) {
  return useQuery({
    queryKey: boardKey(entity.name, query),
    queryFn: ({ signal }) =>
      send<Board>(`records/${entity.name}/board`, { method: 'POST', json: query, signal }),
    enabled: isAsked,
    placeholderData: (old, oldQuery) => {
      const was = oldQuery?.queryKey[3] as BoardQuery | undefined;
      return oldQuery?.queryKey[1] === entity.name && was?.by === query.by ? old : undefined;
    },
  });
}

const laterCards = 50;

/** The cards of a column: those that came with the board, then pages of the list. */
export function useCards(entity: Entity, field: Field, query: BoardQuery, column: Column) {
  // Those of another board or of another first page are asked for anew.
  const [wanted, setWanted] = useState('');
  const { next } = column;
  const rest = useInfiniteQuery({
    queryKey: ['records', entity.name, 'column', query, keyOf(column.value), next],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Row>>(
        `records/${entity.name}`,
        {
          filter: columnFilter(query.filter, field, column.value),
          q: query.q,
          sort: query.sort,
          fields: query.fields.join(','),
          limit: laterCards,
          cursor: pageParam,
        },
        signal,
      ),
    initialPageParam: next ?? '',
    getNextPageParam: (last) => (last.has_more && last.next ? last.next : undefined),
    enabled: next !== null && wanted === next,
  });
  const later = rest.data?.pages.flatMap((page) => page.items) ?? [];
  const first = new Set(column.items.map((row) => row.id));
  return {
    rows: [...column.items, ...later.filter((row) => !first.has(row.id))],
    hasMore: next !== null && (rest.data === undefined || rest.hasNextPage),
    isError: rest.isError,
    onMore() {
      if (next === null || rest.isFetching) return;
      if (rest.isError) void rest.refetch();
      else if (wanted !== next) setWanted(next);
      else if (rest.hasNextPage) void rest.fetchNextPage();
    },
  };
}
