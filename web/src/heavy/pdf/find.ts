// Words in the texts of pages. Blanks and line ends do not count: a file breaks its
// lines and spaces its letters as it likes, and hanzi have none.

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** The pages (from 1) that have the words, one entry a place. */
export function placesOf(texts: string[], words: string): number[] {
  const wanted = fold(words).replace(/\s+/g, '');
  if (wanted === '') return [];
  return texts.flatMap((text, i) => {
    const count = fold(text).replace(/\s+/g, '').split(wanted).length - 1;
    return Array.from({ length: count }, () => i + 1);
  });
}

/** A place in pieces of text: from a letter of one piece to behind a letter of another. */
export interface Span {
  from: { piece: number; at: number };
  to: { piece: number; at: number };
}

/** Where the words stand in the pieces that a page's text is made of. */
export function spansOf(pieces: string[], words: string): Span[] {
  const wanted = fold(words).replace(/\s+/g, '');
  if (wanted === '') return [];
  let all = '';
  const from: { piece: number; at: number }[] = [];
  pieces.forEach((text, piece) => {
    let at = 0;
    for (const letter of text) {
      for (const folded of fold(letter).replace(/\s+/g, '')) {
        for (let unit = 0; unit < folded.length; unit++) from.push({ piece, at });
        all += folded;
      }
      at += letter.length;
    }
  });
  const spans: Span[] = [];
  for (let i = all.indexOf(wanted); i >= 0; i = all.indexOf(wanted, i + wanted.length)) {
    const first = from[i];
    const last = from[i + wanted.length - 1];
    if (!first || !last) break;
    const letter = String.fromCodePoint(pieces[last.piece]?.codePointAt(last.at) ?? 0);
    spans.push({ from: first, to: { piece: last.piece, at: last.at + letter.length } });
  }
  return spans;
}
