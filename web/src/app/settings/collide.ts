// What two people changed at the same time, brought together part by part.

/** A thing as named parts, each compared as a whole. */
export type Pieces = Record<string, unknown>;

export interface Together {
  merged: Pieces;
  /** Parts that both changed, differently; merged holds mine. */
  both: string[];
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What only one side changed is taken from that side; a part that is undefined is not there. */
export function together(base: Pieces, mine: Pieces, theirs: Pieces): Together {
  const merged: Pieces = {};
  const both: string[] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])) {
    let value = mine[key];
    if (same(mine[key], base[key])) value = theirs[key];
    else if (!same(theirs[key], base[key]) && !same(theirs[key], mine[key])) both.push(key);
    if (value !== undefined) merged[key] = value;
  }
  return { merged, both };
}
