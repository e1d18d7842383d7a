// What a member starred and saw last. The server names it under his rights of
// the moment; here it is only shown and changed.
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { get, post } from '@/api/client';
import type { Desk, DeskMark } from '@/api/types';
import { toasts } from '@/ui/toasts';
import { useProblemText } from './ProblemNotice';
import { paths } from './paths';

export const deskQuery = queryOptions({
  queryKey: ['desk'],
  queryFn: ({ signal }) => get<Desk>('me/desk', {}, signal),
  staleTime: 60_000,
});

/** A record, a view of an entity, or with neither its whole list. */
export interface Place {
  entity: string;
  record?: string;
  view?: string;
}

export function same(a: Place, b: Place): boolean {
  return a.entity === b.entity && (a.record ?? '') === (b.record ?? '') && (a.view ?? '') === (b.view ?? '');
}

/** Where a mark leads. */
export function placeOf({ entity, record, view }: Place): string {
  if (record) return paths.record(entity, record);
  return view ? `${paths.list(entity)}?view=${encodeURIComponent(view)}` : paths.list(entity);
}

export function useDesk(): Desk {
  return useQuery(deskQuery).data ?? { starred: [], seen: [] };
}

/** Whether a place is starred, and a way to change that; it shows at once and goes back when it fails. */
export function useStar(place: Place, name: string): [boolean, () => void] {
  const client = useQueryClient();
  const problem = useProblemText();
  const { starred } = useDesk();
  const isStarred = starred.some((mark) => same(mark, place));
  const change = useMutation({
    mutationFn: (off: boolean) => post('me/starred', { ...place, off }),
    onMutate: (off) => {
      const before = client.getQueryData(deskQuery.queryKey);
      client.setQueryData(
        deskQuery.queryKey,
        (old) => old && { ...old, starred: marked(old, place, name, off) },
      );
      return { before };
    },
    onError: (error, _, context) => {
      client.setQueryData(deskQuery.queryKey, context?.before);
      toasts.warn(problem(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey: deskQuery.queryKey }),
  });
  return [isStarred, () => change.mutate(isStarred)];
}

function marked({ starred }: Desk, place: Place, name: string, off: boolean): DeskMark[] {
  const others = starred.filter((mark) => !same(mark, place));
  return off ? others : [{ ...place, name, at: new Date().toISOString() }, ...others];
}

/** Notes that a record was looked at, once it is there. */
export function useSeen(entity: string, record: string, isThere: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (isThere) void noteSeen(client, entity, record);
  }, [client, entity, record, isThere]);
}

async function noteSeen(client: QueryClient, entity: string, record: string) {
  try {
    await post('me/seen', { entity, record });
    await client.invalidateQueries({ queryKey: deskQuery.queryKey });
  } catch {
    // Only a convenience: the page goes on without it.
  }
}
