// What of a list is in the URL: the view, and what is on screen where it is not
// the view's own: filter, order, columns; the words looked for; the record beside it.
import type { BuiltView, Entity, SavedView } from '@/api/types';

export interface ListSearch {
  view?: string;
  /** Instead of the view's filter; "all" takes it away. */
  filter?: string;
  /** Instead of the view's order: "-created_at,name". */
  sort?: string;
  q?: string;
  /** Instead of the view's columns, joined by commas. */
  columns?: string;
  /** The record that is looked at beside the list, by id. */
  peek?: string;
}

/**
 * Puts something else on screen. A function is given what is on its way there: of two
 * changes within one frame the second knows the first.
 */
export type Show = (next: ListSearch | ((now: ListSearch) => ListSearch)) => void;

export interface View {
  key: string;
  name: string;
  filter?: string;
  sort?: string;
  columns?: string[];
  widths?: Record<string, number>;
  /** As it is kept on the server; built-in views have none. */
  saved?: SavedView;
}

/** The key of the view that shows everything, in the order of the layout. */
export const everything = 'all';

/** In the URL: no filter although the view has one. No filter can be spelled so. */
export const unfiltered = 'all';

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
    columns: view.fields?.length ? view.fields : undefined,
  }));
  const own = saved.map((view) => ({
    key: view.id,
    name: view.name,
    filter: view.filter || undefined,
    sort: view.sort || undefined,
    columns: view.columns?.length ? view.columns : undefined,
    widths: view.widths,
    saved: view,
  }));
  const first = built.some((view) => view.key === everything || !view.filter)
    ? []
    : [{ key: everything, name: words.all }];
  return [...first, ...built, ...own];
}

/** The view that a list opens with: the member's own choice, that of a role of his, everybody's, the first. */
export function firstView(views: View[]): View | undefined {
  for (const why of ['own', 'role', 'all']) {
    const view = views.find((one) => one.saved?.opens === why);
    if (view) return view;
  }
  return views[0];
}

export function viewOf(views: View[], search: ListSearch): View | undefined {
  return views.find((one) => one.key === search.view) ?? firstView(views);
}

export function columnsOf(entity: Entity, view: View | undefined, search: ListSearch = {}): string[] {
  const known = new Set(entity.fields.map((field) => field.key));
  const chosen = search.columns?.split(',') ?? view?.columns ?? entity.layout.list;
  const keys = [...new Set(chosen)].filter((key) => known.has(key));
  return keys.includes(entity.title) || !known.has(entity.title) ? keys : [entity.title, ...keys];
}

export function filterOf(search: ListSearch, view: View | undefined): string | undefined {
  if (search.filter === unfiltered) return undefined;
  return search.filter || view?.filter;
}

export function sortOf(entity: Entity, search: ListSearch, view: View | undefined): string | undefined {
  return search.sort || view?.sort || entity.layout.sort || undefined;
}

export function listQuery(entity: Entity, search: ListSearch, view: View | undefined) {
  return {
    filter: filterOf(search, view),
    sort: sortOf(entity, search, view),
    q: search.q || undefined,
    fields: fieldsFor(entity, columnsOf(entity, view, search)).join(','),
  };
}

/** What is asked for to show columns: an amount is shown in the currency of its record. */
function fieldsFor(entity: Entity, columns: string[]): string[] {
  const hasMoney = entity.fields.some((field) => field.type === 'money' && columns.includes(field.key));
  const hasCurrency = entity.fields.some((field) => field.key === 'currency');
  return hasMoney && hasCurrency && !columns.includes('currency') ? [...columns, 'currency'] : columns;
}

/** What of a view was changed on screen and is not kept. */
export function isChanged(entity: Entity, search: ListSearch, view: View | undefined): boolean {
  const bare = {};
  return (
    (filterOf(search, view) ?? '') !== (filterOf(bare, view) ?? '') ||
    sortOf(entity, search, view) !== sortOf(entity, bare, view) ||
    columnsOf(entity, view, search).join() !== columnsOf(entity, view).join()
  );
}

/** The search with a value put in the place of the view's, left out where it is the same. */
export function withFilter(search: ListSearch, view: View | undefined, filter: string): ListSearch {
  const same = filter === (view?.filter ?? '');
  return { ...search, filter: same ? undefined : filter || unfiltered };
}

export function withSort(
  entity: Entity,
  search: ListSearch,
  view: View | undefined,
  sort: string | undefined,
): ListSearch {
  return { ...search, sort: sort === sortOf(entity, {}, view) ? undefined : sort };
}

export function withColumns(
  entity: Entity,
  search: ListSearch,
  view: View | undefined,
  columns: string[],
): ListSearch {
  const text = columns.join(',');
  return { ...search, columns: text === columnsOf(entity, view).join(',') ? undefined : text };
}

/** The order after a press on a column: up, down, back to the usual one. Added, it comes after the others. */
export function nextSort(current: string | undefined, key: string, add = false): string | undefined {
  const parts = current?.split(',').filter(Boolean) ?? [];
  const at = parts.findIndex((part) => part.replace(/^-/, '') === key);
  const old = parts[at];
  const next = old === undefined ? key : old.startsWith('-') ? undefined : `-${key}`;
  if (!add) return next;
  if (at < 0) return [...parts, key].slice(0, maxSorts).join(',');
  const rest = parts.flatMap((part, i) => (i === at ? (next ?? []) : part));
  return rest.length > 0 ? rest.join(',') : undefined;
}

/** How many fields an order may have (the API's limit). */
export const maxSorts = 5;
