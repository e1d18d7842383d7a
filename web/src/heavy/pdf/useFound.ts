import { useEffect, useMemo, useRef, useState } from 'react';
import { placesOf } from './find';
import type { PDFDocumentProxy } from './open';

/** The words in all pages, read once when something is first looked for. */
export function useFound(file: PDFDocumentProxy, words: string, page: number, go: (page: number) => void) {
  const [texts, setTexts] = useState<string[]>();
  const [at, setAt] = useState(0);
  const isAsked = words !== '';
  useEffect(() => {
    if (!isAsked) return;
    let isGone = false;
    readTexts(file)
      .then((read) => !isGone && setTexts(read))
      .catch(() => !isGone && setTexts([]));
    return () => {
      isGone = true;
    };
  }, [file, isAsked]);
  const places = useMemo(
    () => (texts && isAsked ? placesOf(texts, words) : undefined),
    [texts, words, isAsked],
  );
  const from = useRef({ page, go });
  from.current = { page, go };
  // The first place is the next one from where one is.
  useEffect(() => {
    if (!places?.length) return;
    const next = places.findIndex((one) => one >= from.current.page);
    setAt(Math.max(0, next));
    const to = places[Math.max(0, next)];
    if (to && to !== from.current.page) from.current.go(to);
  }, [places]);
  function step(way: 1 | -1) {
    if (!places?.length) return;
    const next = (at + way + places.length) % places.length;
    setAt(next);
    const to = places[next];
    if (to) go(to);
  }
  return { found: places && { at: Math.min(at + 1, places.length), of: places.length }, step };
}

async function readTexts(file: PDFDocumentProxy): Promise<string[]> {
  const texts: string[] = [];
  for (let number = 1; number <= file.numPages; number++) {
    const { items } = await (await file.getPage(number)).getTextContent();
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
  }
  return texts;
}
