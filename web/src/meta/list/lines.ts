// What a list shows line by line: records, the heads of groups between them, and
// records that are still on their way.
import type { Row } from '@/api/types';

/** The head of a group: what its records have in common, how many, their figures. */
export interface GroupHead {
  key: string;
  /** The value in words. */
  name: string;
  /** The colour of the value's dot, for values that have one. */
  dot?: string;
  count: string;
  isOpen: boolean;
  /** Of the columns that are added up: what stands in them. */
  figures: ReadonlyMap<string, string>;
}

export interface Lines {
  count: number;
  /** The record of a line; undefined for the head of a group and for one that is on its way. */
  row(index: number): Row | undefined;
  group?(index: number): GroupHead | undefined;
}

/** The lines of a list without groups. */
export function plainLines(rows: Row[]): Lines {
  return { count: rows.length, row: (index) => rows[index] };
}
