import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spansOf } from './find';
import { linksOf, type PageLink } from './links';
import { type PDFDocumentProxy, TextLayer } from './open';
import { density, perPoint, type Size } from './scale';

interface PageProps {
  file: PDFDocumentProxy;
  number: number;
  /** The size until the page's own is known. */
  first: Size;
  zoom: number;
  /** Near enough to what is seen to be drawn. */
  isNear: boolean;
  words: string;
  onGo(page: number): void;
}

/** One page: its picture, its text over it, its links over that. */
export const PdfPage = memo(function PdfPage({ file, number, first, zoom, isNear, words, onGo }: PageProps) {
  const { t } = useTranslation();
  const [size, setSize] = useState(first);
  const [links, setLinks] = useState<PageLink[]>([]);
  const [failed, setFailed] = useState(false);
  const [drawn, setDrawn] = useState(0);
  const picture = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const sharp = useResting(zoom);

  useEffect(() => {
    const canvas = picture.current;
    if (!isNear || !canvas) return;
    let stop = () => {};
    let isGone = false;
    (async () => {
      const page = await file.getPage(number);
      if (isGone) return;
      const plain = page.getViewport({ scale: 1 });
      setSize({ width: plain.width, height: plain.height });
      const scale = sharp * perPoint;
      const dots = density(plain.width * scale, plain.height * scale, window.devicePixelRatio || 1);
      const viewport = page.getViewport({ scale: scale * dots });
      // Drawn aside first, so that the old picture stays until the new one is whole.
      const aside = document.createElement('canvas');
      aside.width = Math.floor(viewport.width);
      aside.height = Math.floor(viewport.height);
      const task = page.render({ canvas: aside, viewport });
      stop = () => task.cancel();
      await task.promise;
      if (isGone) return;
      canvas.width = aside.width;
      canvas.height = aside.height;
      canvas.getContext('2d')?.drawImage(aside, 0, 0);
      aside.width = 0;
      canvas.dataset.drawn = 'true';
    })().catch((error) => {
      if (!isGone && error?.name !== 'RenderingCancelledException') setFailed(true);
    });
    return () => {
      isGone = true;
      stop();
    };
  }, [file, number, isNear, sharp]);

  useEffect(() => {
    const layer = text.current;
    if (!isNear || !layer) return;
    let isGone = false;
    let made: TextLayer | undefined;
    (async () => {
      const page = await file.getPage(number);
      if (isGone) return;
      const viewport = page.getViewport({ scale: 1 });
      made = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
      await made.render();
      const found = await linksOf(file, page);
      if (isGone) return;
      setLinks(found);
      setDrawn((n) => n + 1);
    })().catch(() => undefined); // a page without its text is still a page
    return () => {
      isGone = true;
      made?.cancel();
      layer.replaceChildren();
    };
  }, [file, number, isNear]);

  useEffect(() => {
    const canvas = picture.current;
    if (isNear || !canvas) return;
    canvas.width = 0; // gives the memory back
    delete canvas.dataset.drawn;
  }, [isNear]);

  useEffect(() => (drawn > 0 ? highlight(text.current, words) : undefined), [words, drawn]);

  return (
    <section
      data-page={number}
      aria-label={t('pdf.page_n', { n: number })}
      className="relative mx-auto shrink-0 bg-white shadow-[0_0_0_1px_var(--line)]"
      style={{
        width: size.width * perPoint * zoom,
        height: size.height * perPoint * zoom,
        ['--total-scale-factor' as string]: perPoint * zoom,
        ['--scale-round-x' as string]: '1px',
        ['--scale-round-y' as string]: '1px',
      }}
    >
      <canvas ref={picture} className="absolute inset-0 size-full" />
      <div ref={text} className="pdf-text" />
      {failed && (
        <p className="absolute inset-x-0 top-1/3 px-4 text-center text-danger">{t('pdf.page_failed')}</p>
      )}
      {isNear &&
        links.map((link) =>
          link.url ? (
            <a
              key={`${link.place.left} ${link.place.top} ${link.url}`}
              href={link.url}
              target="_blank"
              rel="noopener noreferrer nofollow"
              title={link.url}
              className="absolute z-10 rounded-sm hover:bg-accent-ink/15"
              style={link.place}
            >
              <span className="sr-only">{link.url}</span>
            </a>
          ) : (
            <button
              key={`${link.place.left} ${link.place.top} ${link.page}`}
              type="button"
              aria-label={t('pdf.go_to', { n: link.page })}
              onClick={() => link.page && onGo(link.page)}
              className="absolute z-10 rounded-sm hover:bg-accent-ink/15"
              style={link.place}
            />
          ),
        )}
    </section>
  );
});

/** A value once it has not changed for a moment. */
function useResting(value: number): number {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), 120);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** Marks the words where the browser can mark without changing the text. */
function highlight(layer: HTMLElement | null, words: string): (() => void) | undefined {
  if (!layer || words === '' || typeof Highlight === 'undefined' || !CSS.highlights) return undefined;
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  const pieces: Text[] = [];
  while (walker.nextNode()) pieces.push(walker.currentNode as Text);
  const marks = spansOf(
    pieces.map((piece) => piece.data),
    words,
  ).flatMap(({ from, to }) => {
    const [start, end] = [pieces[from.piece], pieces[to.piece]];
    if (!start || !end) return [];
    const range = new Range();
    range.setStart(start, from.at);
    range.setEnd(end, to.at);
    return [range];
  });
  const all = CSS.highlights.get('pdf-found') ?? new Highlight();
  for (const mark of marks) all.add(mark);
  CSS.highlights.set('pdf-found', all);
  return () => {
    for (const mark of marks) all.delete(mark);
  };
}
