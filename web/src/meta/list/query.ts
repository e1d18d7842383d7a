// What of a list is in the URL: the view, and what is on screen where it is not
// the view's own: filter, order, columns; the words looked for; the record beside it.
import type { BuiltView, Entity, Field, SavedView } from '@/api/types';
import { type Condition, lookedAt } from '../condition';

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
  /** Instead of the view's kind: list, board or calendar. */
  as?: string;
  /** Instead of the field that makes the view's columns, or places its records in the calendar. */
  by?: string;
  /** Instead of what the view groups its rows by; "none" takes it away. */
  group?: string;
  /** Instead of the figure that the view adds up; "none" takes it away. */
  sum?: string;
  /** Instead of the view's limits of columns: "new:5,won:3"; "none" takes them away. */
  limits?: string;
  /** Of a calendar, instead of the view's: month or week. */
  span?: string;
  /** A day that the calendar shows. */
  at?: string;
  /** On a phone, the column of the board that is shown. */
  column?: string;
}

export type Kind = 'list' | 'board' | 'calendar';

/** How a view shows its records, beside filter, order and columns. */
export interface Shape {
  kind: Kind;
  by: string;
  group: string;
  sum: string;
  limits: string;
  span: string;
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
  shape?: Partial<Shape>;
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
    shape: savedShape(view),
    saved: view,
  }));
  const first = built.some((view) => view.key === everything || !view.filter)
    ? []
    : [{ key: everything, name: words.all }];
  return [...first, ...built, ...own];
}

function savedShape(view: SavedView): Partial<Shape> {
  const { kind, field, group, sum, limits, span } = view;
  return { kind: kind as Kind, by: field, group, sum, limits: limitsText(limits ?? {}), span };
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

/** In the URL: nothing although the view has something. No field can be called so. */
const nothing = 'none';

const pick = (own: string | undefined, viewed: string | undefined) =>
  own === nothing ? '' : own || viewed || '';

/** How the records are shown: what the URL says, else the view, else what is usual for the entity. */
export function shapeOf(entity: Entity, search: ListSearch, view: View | undefined): Shape {
  const old = view?.shape ?? {};
  const wanted = search.as || old.kind || 'list';
  const fields = wanted === 'board' ? boardFields(entity) : wanted === 'calendar' ? dayFields(entity) : [];
  const kind = fields.length > 0 ? (wanted as Kind) : 'list';
  const isOwn = kind === old.kind;
  const has = (key: string | undefined) => fields.some((field) => field.key === key);
  const chosen = [search.by, isOwn ? old.by : undefined].find(has);
  const sums = sumFields(entity);
  const sum = search.sum ?? (old.sum || undefined) ?? sums[0]?.key;
  return {
    kind,
    by: chosen ?? fields[0]?.key ?? '',
    group: kind === 'list' ? known(entity, pick(search.group, old.group)) : '',
    sum: sums.some((field) => field.key === sum) ? (sum ?? '') : '',
    limits: pick(search.limits, isOwn ? old.limits : undefined),
    span: (search.span || (isOwn && old.span) || 'month') === 'week' ? 'week' : 'month',
  };
}

/** A group is of a field that is there. */
function known(entity: Entity, group: string): string {
  const key = group.split(':')[0];
  return entity.fields.some((field) => field.key === key && field.groupable) ? group : '';
}

/** The search with another shape; what is as the view has it is left out. */
export function withShape(
  entity: Entity,
  search: ListSearch,
  view: View | undefined,
  next: Partial<Shape>,
): ListSearch {
  const { as: _, by: __, group: ___, sum: ____, limits: _____, span: ______, ...rest } = search;
  const want = { ...shapeOf(entity, search, view), ...next };
  let out: ListSearch = rest;
  if (shapeOf(entity, out, view).kind !== want.kind) out = { ...out, as: want.kind };
  // With another kind or field the limits of the old one mean nothing.
  if (next.kind || next.by) want.limits = '';
  if (next.kind) want.by = shapeOf(entity, out, view).by;
  for (const key of ['by', 'group', 'sum', 'limits', 'span'] as const) {
    if (shapeOf(entity, out, view)[key] !== want[key]) out = { ...out, [key]: want[key] || nothing };
  }
  return out;
}

const columned = new Set(['choice', 'tree_choice', 'switch', 'reference', 'member', 'department']);

/** The fields that can make the columns of a board; the entity's own one first. */
export function boardFields(entity: Entity): Field[] {
  const fit = entity.fields.filter(
    (field) => columned.has(field.type) && field.groupable && !field.system && !field.settings?.many,
  );
  const own = fit.filter((field) => field.key === entity.layout.kanban);
  return [...own, ...fit.filter((field) => !own.includes(field))];
}

/** The fields that can place records in a calendar, those that people set before the others. */
export function dayFields(entity: Entity): Field[] {
  const fit = entity.fields.filter(
    (field) => (field.type === 'date' || field.type === 'instant') && field.groupable,
  );
  return [...fit.filter((field) => !field.read_only), ...fit.filter((field) => field.read_only)];
}

/** The fields that rows can be grouped by: kinds, people, places and days. */
export function groupFields(entity: Entity): Field[] {
  const fit = new Set([...columned, 'region', 'date', 'instant']);
  return entity.fields.filter((field) => fit.has(field.type) && field.groupable && !field.settings?.many);
}

/** The figures that columns can add up: those on cards and in the list before others, amounts first. */
export function sumFields(entity: Entity): Field[] {
  const fit = entity.fields.filter((field) => field.measures.includes('sum') && field.type !== 'percent');
  const shown = [...entity.layout.card, ...entity.layout.list];
  const rank = (field: Field) =>
    (field.type === 'money' ? 0 : 1000) + (shown.includes(field.key) ? shown.indexOf(field.key) : 500);
  return fit.sort((a, b) => rank(a) - rank(b));
}

/** How many cards a column should hold at most, by its key, as it stands in the URL. */
export function limitsText(limits: Record<string, number>): string {
  return Object.keys(limits)
    .sort()
    .map((key) => `${key}:${limits[key]}`)
    .join(',');
}

export function limitsFrom(text: string): Record<string, number> {
  const out: Record<string, number> = {};
  for (const part of text.split(',')) {
    const at = part.lastIndexOf(':');
    const most = Number(part.slice(at + 1));
    if (at > 0 && Number.isInteger(most) && most > 0) out[part.slice(0, at)] = most;
  }
  return out;
}

export function listQuery(entity: Entity, search: ListSearch, view: View | undefined) {
  return {
    filter: filterOf(search, view),
    sort: sortOf(entity, search, view),
    q: search.q || undefined,
    fields: fieldsFor(entity, columnsOf(entity, view, search)).join(','),
  };
}

/**
 * What is asked for to show columns, and on a phone cards: an amount is shown in the currency
 * of its record, and what can be done with many depends on what its conditions look at.
 */
function fieldsFor(entity: Entity, columns: string[]): string[] {
  const known = new Set(entity.fields.map((field) => field.key));
  const asked = new Set([...columns, ...entity.layout.card.filter((key) => known.has(key))]);
  const hasMoney = entity.fields.some((field) => field.type === 'money' && asked.has(field.key));
  const hasCurrency = known.has('currency');
  if (hasMoney && hasCurrency) asked.add('currency');
  for (const { bulk, only } of entity.actions ?? []) {
    if (bulk && only) for (const key of lookedAt(only as Condition)) asked.add(key);
  }
  return [...asked];
}

/** What of a view was changed on screen and is not kept. */
export function isChanged(entity: Entity, search: ListSearch, view: View | undefined): boolean {
  const bare = {};
  const now = shapeOf(entity, search, view);
  // A view that comes with the entity says nothing of lists and boards: both are it.
  const kept = shapeOf(entity, view?.saved ? bare : { as: search.as }, view);
  return (
    (Object.keys(kept) as (keyof Shape)[]).some((key) => now[key] !== kept[key]) ||
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
