// Reading and writing records. All server data lives in Query under keys that
// start with what they are about, so that one change knows what to ask again.
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { apiUrl, get, patch, post, type Query, remove, send } from '@/api/client';
import type {
  Duplicate,
  Found,
  Page,
  Pending,
  Region,
  RelatedCounts,
  Row,
  SavedView,
  TimelineItem,
} from '@/api/types';

import { regionNames } from './fields/region/way';

export interface ListQuery {
  filter?: string;
  sort?: string;
  q?: string;
  fields?: string;
}

/** The first page is small so that it comes soon, the later ones are as large as the API gives. */
const firstPage = 100;
const laterPage = 200;

/** All pages of a list fetched so far; the first also asks for the count. */
export const recordsQuery = (entity: string, query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: ['records', entity, query],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Row>>(
        `records/${entity}`,
        {
          ...query,
          limit: pageParam ? laterPage : firstPage,
          cursor: pageParam,
          count: pageParam ? undefined : true,
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more && last.next ? last.next : undefined),
  });

export function useRecords(entity: string, query: ListQuery, isAsked = true) {
  return useInfiniteQuery({
    ...recordsQuery(entity, query),
    enabled: isAsked,
    placeholderData: (old, oldQuery) => (oldQuery?.queryKey[1] === entity ? old : undefined),
  });
}

export const recordQuery = (entity: string, id: string) =>
  queryOptions({
    queryKey: ['record', entity, id],
    queryFn: ({ signal }) => get<Row>(`records/${entity}/${id}`, {}, signal),
  });

export const useRecord = (entity: string, id: string) => useQuery(recordQuery(entity, id));

/** The counts of everything that points at a record, in one call. */
export function useRelated(entity: string, id: string) {
  return useQuery({
    queryKey: ['related', entity, id],
    queryFn: ({ signal }) => get<RelatedCounts>(`records/${entity}/${id}/related`, {}, signal),
  });
}

export function useTimeline(entity: string, id: string) {
  return useInfiniteQuery({
    queryKey: ['timeline', entity, id],
    queryFn: ({ pageParam, signal }) =>
      get<Page<TimelineItem>>(`records/${entity}/${id}/timeline`, { limit: 30, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more && last.next ? last.next : undefined),
  });
}

export function useSavedViews(entity: string) {
  return useQuery({
    queryKey: ['views', entity],
    queryFn: ({ signal }) => get<{ items: SavedView[] }>('views', { entity }, signal),
    staleTime: 60_000,
  });
}

export function useSearch(q: string, limit = 20) {
  return useQuery({
    queryKey: ['search', q, limit],
    queryFn: ({ signal }) => get<Found>('search', { q, limit }, signal),
    enabled: q.trim() !== '',
    placeholderData: (old) => old,
  });
}

/** Records of an entity whose title fits the typed words, for choosing one. */
export function useChoices(entity: string, title: string, q: string, enabled: boolean, filter?: string) {
  return useQuery({
    queryKey: ['records', entity, 'choices', q, filter],
    queryFn: ({ signal }) =>
      get<Page<Row>>(
        `records/${entity}`,
        { q: q.trim() || undefined, filter, fields: title, limit: 20 },
        signal,
      ),
    enabled,
    placeholderData: (old) => old,
  });
}

/** The tree of regions; asked for once, and only where a region field is shown. */
export const regionsQuery = queryOptions({
  queryKey: ['regions'],
  queryFn: ({ signal }) => get<{ items: Region[] }>('meta/regions', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useRegions(enabled = true) {
  return useQuery({ ...regionsQuery, enabled }).data?.items;
}

/** Reads a region code as the way to it: 广东省 深圳市 南山区. */
export function useRegionName(enabled: boolean): (code: string) => string {
  const regions = useRegions(enabled);
  const names = useMemo(() => regionNames(regions ?? []), [regions]);
  return useCallback((code: string) => names.get(code) ?? code, [names]);
}

/** Everything shown of an entity is asked again; nothing shown of others is. */
export async function refresh(client: QueryClient, entity: string, id?: string) {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['records', entity] }),
    client.invalidateQueries({ queryKey: id ? ['record', entity, id] : ['record', entity] }),
    client.invalidateQueries({ queryKey: id ? ['timeline', entity, id] : ['timeline', entity] }),
    client.invalidateQueries({ queryKey: ['related'] }),
  ]);
}

export type Created = Row & { duplicates?: Duplicate[] };

/** Whether a write waits for an approval. */
export function isPending(answer: Row | Pending): answer is Pending {
  return 'pending' in answer;
}

/** What answers a question about a record: a table, cut where it is too long. */
export interface Answer {
  rows: Record<string, unknown>[];
  more: boolean;
}

export const records = {
  create: (entity: string, values: object) => post<Created | Pending>(`records/${entity}`, values),
  change: (entity: string, id: string, version: number, values: object) =>
    patch<Row | Pending>(`records/${entity}/${id}`, values, { 'If-Match': `"v${version}"` }),
  delete: (entity: string, id: string, version: number) => remove(`records/${entity}/${id}`, { version }),
  restore: (entity: string, id: string) => post<Row>(`records/${entity}/${id}/restore`),
  duplicates: (entity: string, values: object) =>
    post<{ items: Duplicate[] }>(`records/${entity}/duplicates`, { values }),
  act: (entity: string, id: string, action: string, input: object, version: number) =>
    send<Row>(`records/${entity}/${id}/actions/${action}`, { method: 'POST', json: { ...input, version } }),
  ask: (entity: string, id: string, question: string, input: object) =>
    send<Answer>(`records/${entity}/${id}/questions/${question}`, { method: 'POST', json: input }),
  exportUrl: (entity: string, query: Query) => apiUrl(`export/${entity}`, query),
};
