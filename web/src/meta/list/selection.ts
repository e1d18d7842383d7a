// Which rows of a list are chosen: some, or all but some. Choosing all of a long
// list names no row.

export interface Selection {
  all: boolean;
  /** The chosen rows; of all, those that are not. */
  ids: ReadonlySet<string>;
}

export const nothing: Selection = { all: false, ids: new Set() };
export const everythingChosen: Selection = { all: true, ids: new Set() };

export function isChosen({ all, ids }: Selection, id: string): boolean {
  return ids.has(id) !== all;
}

/** The selection with some rows chosen, or not. */
export function choose({ all, ids }: Selection, rows: string[], chosen: boolean): Selection {
  const next = new Set(ids);
  for (const id of rows) {
    if (chosen === all) next.delete(id);
    else next.add(id);
  }
  return { all, ids: next };
}

/** How many are chosen of a list of so many. */
export function chosenCount({ all, ids }: Selection, total: number): number {
  return all ? Math.max(0, total - ids.size) : ids.size;
}

export function isNothing({ all, ids }: Selection): boolean {
  return !all && ids.size === 0;
}
