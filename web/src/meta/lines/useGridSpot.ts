// Which cell of the grid is meant, and which others are chosen with it.
import { useState } from 'react';
import type { Rect } from './paste';

export interface Spot {
  row: number;
  column: number;
}

export interface GridSpot {
  at: Spot;
  rect: Rect;
  /** Goes to a cell; with the range kept up to it when it is stretched. */
  go(to: Spot, isStretched?: boolean): void;
  choose(rect: Rect): void;
}

const clamp = (n: number, most: number) => Math.max(0, Math.min(n, most));

/** rows counts the one for a new line. */
export function useGridSpot(rows: number, columns: number): GridSpot {
  const [at, setAt] = useState<Spot>({ row: 0, column: 0 });
  const [end, setEnd] = useState<Spot | null>(null);
  const inside = ({ row, column }: Spot) => ({
    row: clamp(row, rows - 1),
    column: clamp(column, columns - 1),
  });
  const from = inside(at);
  const to = inside(end ?? at);
  return {
    at: from,
    rect: {
      top: Math.min(from.row, to.row),
      bottom: Math.max(from.row, to.row),
      left: Math.min(from.column, to.column),
      right: Math.max(from.column, to.column),
    },
    go(next, isStretched) {
      if (isStretched) return setEnd(inside(next));
      setAt(inside(next));
      setEnd(null);
    },
    choose(rect) {
      setAt({ row: rect.top, column: rect.left });
      setEnd({ row: rect.bottom, column: rect.right });
    },
  };
}
