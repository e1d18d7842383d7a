// What a list shows line by line: records, and those that are still on their way.
import type { Row } from '@/api/types';

export interface Lines {
  count: number;
  /** The record of a line; undefined for one that is on its way. */
  row(index: number): Row | undefined;
}

/** The lines of a list all of whose records are there. */
export function plainLines(rows: Row[]): Lines {
  return { count: rows.length, row: (index) => rows[index] };
}
