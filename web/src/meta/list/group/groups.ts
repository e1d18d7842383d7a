// Rows by group: what a group is called in filters, without a screen.
import type { Field } from '@/api/types';
import { addDays, addMonths } from '@/lib/dates';
import { both } from '@/lib/filter';
import { plus } from '@/lib/plus';
import { columnFilter } from '../board/columns';

/** The first and last day of a bucket as the API names it: 2026, 2026-Q4, 2026-11, a Monday, a day. */
export function bucketDays(unit: string, name: string): [string, string] {
  const year = name.slice(0, 4);
  switch (unit) {
    case 'year':
      return [`${year}-01-01`, `${year}-12-31`];
    case 'quarter': {
      const first = `${year}-${String(3 * Number(name.slice(6)) - 2).padStart(2, '0')}-01`;
      return [first, addDays(addMonths(first, 3), -1)];
    }
    case 'month':
      return [`${name}-01`, addDays(addMonths(`${name}-01`, 1), -1)];
    case 'week':
      return [name, addDays(name, 6)];
    default:
      return [name, name];
  }
}

/** The filter of the records of one group. */
export function groupFilter(filter: string | undefined, field: Field, unit: string, value: unknown): string {
  if (!unit || value === null) return columnFilter(filter, field, value);
  const [from, to] = bucketDays(unit, String(value));
  return both(filter, `${field.key} between "${from}" and "${to}"`) ?? '';
}

export interface GroupRow {
  value: unknown;
  count: number;
  /** By field, one for each currency that occurs. */
  sums: Map<string, { value: string; currency: string | null }[]>;
}

/** Groups of a choice stand as its options do, what has no value last; others as they came. */
export function inOptionOrder(groups: GroupRow[], field: Field): GroupRow[] {
  const codes = (field.settings?.options ?? []).map((option) => option.code);
  if (codes.length === 0) return groups;
  const place = ({ value }: GroupRow) => {
    const at = codes.indexOf(String(value));
    return value === null ? codes.length + 1 : at < 0 ? codes.length : at;
  };
  return groups.toSorted((a, b) => place(a) - place(b));
}

/** Rows of the aggregate as groups: those of several currencies become one. */
export function groupsOf(rows: unknown[][], figures: Field[], hasCurrency: boolean): GroupRow[] {
  const found = new Map<string, GroupRow>();
  for (const row of rows) {
    const [value] = row;
    const key = JSON.stringify(value);
    const group = found.get(key) ?? { value, count: 0, sums: new Map() };
    found.set(key, group);
    const from = hasCurrency ? 2 : 1;
    const currency = hasCurrency && typeof row[1] === 'string' ? row[1] : null;
    group.count += Number(row[from] ?? 0);
    figures.forEach((field, i) => {
      const sum = row[from + 1 + i];
      if (sum === null || sum === undefined) return;
      const sums = group.sums.get(field.key) ?? [];
      // Only amounts in the currency of their record are told apart by it.
      const own = field.type === 'money' && !field.settings?.base ? currency : null;
      const last = sums.at(-1);
      if (own === null && last) last.value = plus(last.value, String(sum));
      else group.sums.set(field.key, [...sums, { value: String(sum), currency: own }]);
    });
  }
  return [...found.values()];
}
