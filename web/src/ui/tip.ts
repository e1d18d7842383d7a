// Marks for the tips that Tips shows: plain attributes, so that any element may
// have one, also in the rows of a list where no component stands.

/** The attributes that give an element a tip, with the keys that do the same. */
export function tip(text: string, keys?: string) {
  return { 'data-tip': text, 'data-tip-keys': keys };
}

/** The attribute of text that may be cut off: where it is, its tip is the whole of it. */
export const wholeText = { 'data-tip-cut': '' };
