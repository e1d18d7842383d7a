// A block of cells put over lines: what it does not hold stays, lines that are
// not there yet are made.
import type { Field } from '@/api/types';
import { canEdit } from '../fields';
import { isRaw, keyOf, type Line } from './lines';
import { type Known, readPasted, targetOf } from './read';
import type { Asked } from './usePasting';

/** Cells from one corner to the other, both within. */
export interface Rect {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

interface Pasted {
  lines: Line[];
  asked: Asked[];
  rect: Rect;
}

/** Whether the first of the copied rows is the heads of the columns. */
function isHead(cells: string[], columns: Field[], label: (column: Field) => string): boolean {
  const words = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return words.length > 1 && words.every((word) => columns.some((column) => label(column) === word));
}

export function pasted(
  lines: Line[],
  columns: Field[],
  at: Rect,
  cells: string[][],
  known: Known,
  blank: () => Line,
  label: (column: Field) => string,
): Pasted {
  const block = cells.length > 1 && cells[0] && isHead(cells[0], columns, label) ? cells.slice(1) : cells;
  const single = block.length === 1 && block[0]?.length === 1;
  const height = single ? at.bottom - at.top + 1 : block.length;
  const width = single ? at.right - at.left + 1 : Math.max(...block.map((row) => row.length));
  const out = [...lines];
  const asked: Asked[] = [];
  for (let i = 0; i < height; i += 1) {
    const line = { ...(out[at.top + i] ?? blank()) };
    for (let j = 0; j < width; j += 1) {
      const column = columns[at.left + j];
      const text = single ? block[0]?.[0] : block[i]?.[j];
      if (!column || text === undefined || !canEdit(column)) continue;
      const value = readPasted(column, text, known);
      line[column.key] = value;
      if (isRaw(value) && targetOf(column)) asked.push({ line: keyOf(line), column, text: value.raw });
    }
    out[Math.min(at.top + i, out.length)] = line;
  }
  const right = Math.min(at.left + width, columns.length) - 1;
  return { lines: out, asked, rect: { ...at, bottom: at.top + height - 1, right } };
}

/** The cells below the first row of a rectangle, made like it. */
export function filledDown(lines: Line[], columns: Field[], at: Rect): Line[] {
  const from = at.top === at.bottom ? at.top - 1 : at.top;
  const source = lines[from];
  if (!source) return lines;
  return lines.map((line, i) => {
    if (i <= from || i > at.bottom) return line;
    const next = { ...line };
    for (const column of columns.slice(at.left, at.right + 1))
      if (canEdit(column)) next[column.key] = source[column.key];
    return next;
  });
}

/** The cells of a rectangle, emptied. */
export function cleared(lines: Line[], columns: Field[], at: Rect): Line[] {
  return lines.map((line, i) => {
    if (i < at.top || i > at.bottom) return line;
    const next = { ...line };
    for (const column of columns.slice(at.left, at.right + 1)) {
      if (canEdit(column))
        next[column.key] = column.settings.many ? [] : column.type === 'switch' ? false : null;
    }
    return next;
  });
}
