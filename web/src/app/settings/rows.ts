// Whole small lists of records, which the settings show at once: the company's
// people and places are some hundreds at most.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Page, Ref, Row } from '@/api/types';
import type { Choice } from '@/ui/Select';

const most = 2000;

export async function fetchAll(entity: string, query: Record<string, string>, signal?: AbortSignal) {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Row> = await get<Page<Row>>(
      `records/${entity}`,
      { ...query, limit: 200, cursor },
      signal,
    );
    rows.push(...page.items);
    cursor = page.has_more && page.next ? page.next : undefined;
  } while (cursor && rows.length < most);
  return rows;
}

/** Every record of an entity with some of its fields. */
export function useRows(entity: string, fields: string, sort = 'id', filter?: string) {
  return useQuery({
    queryKey: ['records', entity, 'rows', fields, sort, filter],
    queryFn: ({ signal }) => fetchAll(entity, { fields, sort, ...(filter ? { filter } : {}) }, signal),
    placeholderData: (old) => old,
  });
}

export const refOf = (value: unknown): Ref | null =>
  value !== null && typeof value === 'object' && 'id' in value ? (value as Ref) : null;

export const refsOf = (value: unknown): Ref[] => (Array.isArray(value) ? (value as Ref[]) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A department in its place. */
export interface Place {
  row: Row;
  depth: number;
  /** Its siblings, itself among them, in order. */
  siblings: Row[];
  hasBelow: boolean;
}

/** The departments from the top down, those of one parent by their number, then by name. */
export function treeOf(rows: Row[], parentKey = 'parent', orderKey = 'order_no'): Place[] {
  const known = new Set(rows.map((row) => row.id));
  const below = new Map<string, Row[]>();
  for (const row of rows) {
    const parent = refOf(row[parentKey])?.id;
    const at = parent && known.has(parent) ? parent : '';
    below.set(at, [...(below.get(at) ?? []), row]);
  }
  const number = (row: Row) => (typeof row[orderKey] === 'number' ? row[orderKey] : Number.MAX_SAFE_INTEGER);
  for (const rows of below.values()) {
    rows.sort(
      (a, b) =>
        number(a) - number(b) ||
        textOf(a.name).localeCompare(textOf(b.name), 'zh-CN') ||
        (a.id < b.id ? -1 : 1),
    );
  }
  const out: Place[] = [];
  const walk = (at: string, depth: number) => {
    const siblings = below.get(at) ?? [];
    for (const row of siblings) {
      out.push({ row, depth, siblings, hasBelow: below.has(row.id) });
      walk(row.id, depth + 1);
    }
  };
  walk('', 0);
  return out;
}

/** A department and all below it. */
export function withBelow(places: Place[], id: string): Set<string> {
  const out = new Set<string>();
  let depth = -1;
  for (const place of places) {
    if (place.row.id === id) depth = place.depth;
    else if (depth >= 0 && place.depth <= depth) break;
    if (depth >= 0) out.add(place.row.id);
  }
  return out;
}

export function useDepartments() {
  return useRows('org.department', 'name,code,parent,head,deputy,order_no');
}

export const departmentChoices = (rows: Row[]): Choice[] =>
  treeOf(rows).map(({ row, depth }) => ({ id: row.id, name: textOf(row.name), depth }));

export const choices = (rows: Row[]): Choice[] => rows.map((row) => ({ id: row.id, name: textOf(row.name) }));
