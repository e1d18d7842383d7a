// Two people at the lines of one record: each line is one value. What only one
// side touched is kept; a line that both changed, differently, is asked about.
import { equal } from '@/lib/equal';
import type { Values } from '../form/validate';
import { type Line, type LinesField, linesOf, writeLines } from './lines';

/** A line that both sides changed; undefined where a side deleted it. */
export interface LineClash {
  id: string;
  base: Line;
  mine: Line | undefined;
  theirs: Line | undefined;
}

export interface MergedLines {
  clashes: LineClash[];
  /** The list to send, once it is known whose line stays: ids of those that stay as they are stored. */
  list(theirs: ReadonlySet<string>): Values[];
}

/**
 * mine is the list as it would be sent. base is what it started from and current
 * what is stored now, both as read.
 */
export function mergeLines(field: LinesField, base: unknown, mine: Values[], current: unknown): MergedLines {
  const written = (line: Line) => writeLines([line], field)[0];
  const before = new Map(linesOf(base).map((line) => [line.id ?? '', line]));
  const now = new Map(linesOf(current).map((line) => [line.id ?? '', line]));
  const own = new Map(mine.flatMap((line) => (typeof line.id === 'string' ? [[line.id, line as Line]] : [])));
  const clashes: LineClash[] = [];
  for (const [id, was] of before) {
    const [here, there] = [own.get(id), now.get(id)];
    const isMine = !here || !equal(here, written(was));
    const isTheirs = !there || !equal(written(there), written(was));
    if (!isMine || !isTheirs || (!here && !there)) continue;
    if (here && there && equal(here, written(there))) continue;
    clashes.push({ id, base: was, mine: here, theirs: there });
  }
  const asked = new Set(clashes.map((clash) => clash.id));

  /** The line under an id that stays; undefined when it goes. */
  function kept(id: string, theirs: ReadonlySet<string>): Values | undefined {
    const [was, here, there] = [before.get(id), own.get(id), now.get(id)];
    const stored = there && written(there);
    if (asked.has(id)) {
      if (theirs.has(id)) return stored;
      // What was deleted by the other comes back as a new line.
      return here && !there ? { ...here, id: undefined } : here;
    }
    if (!was) return stored;
    if (!there || !here) return undefined;
    return equal(here, written(was)) ? stored : here;
  }

  return {
    clashes,
    list(theirs) {
      const out: Values[] = [];
      for (const line of mine) {
        const next = typeof line.id === 'string' ? kept(line.id, theirs) : line;
        if (next) out.push(next);
      }
      // What the other side made, or kept against one's own deletion, stands behind the line it stood behind.
      const order = [...now.keys()];
      for (const [i, id] of order.entries()) {
        if (own.has(id)) continue;
        const next = kept(id, theirs);
        if (!next) continue;
        const above = order.slice(0, i).reverse();
        const at =
          above.map((one) => out.findIndex((line) => line.id === one)).find((place) => place >= 0) ?? -1;
        out.splice(at < 0 ? (i === 0 ? 0 : out.length) : at + 1, 0, next);
      }
      return out.map(({ id, ...rest }) => (id ? { id, ...rest } : rest));
    },
  };
}
