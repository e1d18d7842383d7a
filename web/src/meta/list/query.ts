// What of a list is in the URL: the view, own filters, the order, the words.
import type { BuiltView, Entity, SavedView } from '@/api/types';
import { both } from '@/lib/filter';

export interface ListSearch {
  view?: string;
  filter?: string;
  sort?: string;
  q?: string;
  /** The columns on screen where they are not the view's own, joined by commas. */
  columns?: string;
  /** The record that is looked at beside the list, by id. */
  peek?: string;
}

export interface View {
  key: string;
  name: string;
  filter?: string;
  sort?: string;
  columns?: string[];
}

/** The key of the view that shows everything, in the order of the layout. */
export const everything = 'all';

/** The tabs of a list: everything, those that come with the entity, saved ones. */
export function viewsOf(
  entity: Entity,
  saved: SavedView[],
  words: { all: string; label(texts: BuiltView['label']): string },
): View[] {
  const built = (entity.layout.views ?? []).map((view) => ({
    key: view.key,
    name: words.label(view.label),
    filter: view.filter || undefined,
    sort: view.sort || undefined,
  }));
  const own = saved.map((view) => ({
    key: view.id,
    name: view.name,
    filter: view.filter || undefined,
    sort: view.sort || undefined,
    columns: view.columns?.length ? view.columns : undefined,
  }));
  const first = built.some((view) => view.key === everything || !view.filter)
    ? []
    : [{ key: everything, name: words.all }];
  return [...first, ...built, ...own];
}

export function columnsOf(entity: Entity, view: View | undefined): string[] {
  const known = new Set(entity.fields.map((field) => field.key));
  const keys = (view?.columns ?? entity.layout.list).filter((key) => known.has(key));
  return keys.includes(entity.title) || !known.has(entity.title) ? keys : [entity.title, ...keys];
}

export function listQuery(entity: Entity, search: ListSearch, view: View | undefined) {
  return {
    filter: both(view?.filter, search.filter),
    sort: search.sort || view?.sort || entity.layout.sort || undefined,
    q: search.q || undefined,
    fields: columnsOf(entity, view).join(','),
  };
}

/** The order after a press on a column: up, down, back to the usual one. */
export function nextSort(current: string | undefined, key: string): string | undefined {
  if (current === key) return `-${key}`;
  if (current === `-${key}`) return undefined;
  return key;
}
