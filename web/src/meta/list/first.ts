// The rows of a list are asked for as soon as it is known which, before the list
// itself is there to be drawn.
import type { QueryClient } from '@tanstack/react-query';
import type { Entity } from '@/api/types';
import { inTime } from '@/ui/part';
import { recordsQuery, regionsQuery } from '../data';
import { columnsOf, type ListSearch, listQuery, shapeOf, viewOf, viewsOf } from './query';

const place = (entity: string) => `guanxi.first.${entity}`;

/** Whether the list opened with a saved view last time: then it waits until it knows its views. */
export function opensSaved(entity: string): boolean {
  try {
    return localStorage.getItem(place(entity)) !== null;
  } catch {
    return false;
  }
}

/** Remembers it, so that next time only such lists wait. */
export function noteFirst(entity: string, isSaved: boolean) {
  try {
    if (isSaved) localStorage.setItem(place(entity), 'saved');
    else localStorage.removeItem(place(entity));
  } catch {
    // A browser that forbids storage: the first rows may change once.
  }
}

/**
 * Asks for the first page of what the address names, unless only the saved views can
 * tell what that is. Resolves when the list can be drawn with its rows, or when it is
 * time to draw it without: rows that come at once are drawn at once, with no frame of
 * waiting before them.
 */
export async function askForRows(client: QueryClient, entity: Entity | undefined, search: ListSearch) {
  if (!entity) return;
  const views = viewsOf(entity, [], { all: '', label: () => '' });
  const view = viewOf(views, search);
  if (search.view ? view?.key !== search.view : opensSaved(entity.name)) return;
  if (shapeOf(entity, search, view).kind !== 'list') return;
  const asked = recordsQuery(entity.name, listQuery(entity, search, view));
  // Pages that are there already would give way to the first one.
  if (client.getQueryData(asked.queryKey)) return;
  const columns = columnsOf(entity, view, search);
  const hasRegion = entity.fields.some((field) => field.type === 'region' && columns.includes(field.key));
  await inTime(
    Promise.all([client.prefetchInfiniteQuery(asked), hasRegion && client.prefetchQuery(regionsQuery)]),
  );
}
