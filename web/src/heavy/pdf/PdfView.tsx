import { FileLock2, FileWarning } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Progress } from '@/ui/Progress';
import type { PDFDocumentProxy } from './open';
import { PdfPage } from './PdfPage';
import { PdfTools } from './PdfTools';
import './pdf.css';
import { gap, type Size, stepped, type Zoom, zoomIn } from './scale';
import { useFound } from './useFound';
import { useGestures } from './useGestures';
import { usePdf } from './usePdf';

interface ViewProps {
  /** Where the file is. */
  url?: string;
  /** Its bytes, when they are here already. */
  bytes?: Uint8Array;
  name: string;
}

/** A PDF file, page below page, as it is; nothing in it is run. */
export default function PdfView({ url, bytes, name }: ViewProps) {
  const { t } = useTranslation();
  const opening = usePdf(bytes ?? url ?? '');
  if (opening.state === 'open') return <Pages file={opening.file} first={opening.first} name={name} />;
  if (opening.state === 'failed') {
    const Sign = opening.why === 'locked' ? FileLock2 : FileWarning;
    return (
      <p
        role="alert"
        className="m-auto flex max-w-sm flex-col items-center gap-2 px-4 py-12 text-center text-ink-2"
      >
        <Sign size={28} strokeWidth={1.5} aria-hidden="true" className="text-ink-3" />
        {t(`pdf.${opening.why}`)}
      </p>
    );
  }
  return (
    <div className="m-auto w-56 py-12">
      <Progress
        label={t('pdf.opening')}
        value={opening.total > 0 ? opening.loaded : undefined}
        max={opening.total}
      />
    </div>
  );
}

interface PagesProps {
  file: PDFDocumentProxy;
  first: Size;
  name: string;
}

function Pages({ file, first, name }: PagesProps) {
  const room = useRef<HTMLElement>(null);
  const [space, setSpace] = useState<Size>({ width: 0, height: 0 });
  const [fit, setFit] = useState<Zoom>('width');
  const [page, setPage] = useState(1);
  const [words, setWords] = useState('');
  const near = useNear(room, space.width > 0);
  const zoom = zoomIn(fit, first, space);
  useGestures(room, zoom, setFit);

  useEffect(() => {
    const at = room.current;
    if (!at) return;
    const watch = new ResizeObserver(() => setSpace({ width: at.clientWidth, height: at.clientHeight }));
    watch.observe(at);
    // In a dialog its keys work at once; beside a form it takes the focus from nobody.
    if (at.closest('[role="dialog"]')) at.focus({ preventScroll: true });
    return () => watch.disconnect();
  }, []);

  const go = useCallback((to: number) => {
    room.current?.querySelector(`[data-page="${to}"]`)?.scrollIntoView({ block: 'start' });
    setPage(to);
  }, []);
  const search = useFound(file, words, page, go);

  function scrolled() {
    const at = room.current;
    if (!at) return;
    const line = at.scrollTop + at.clientHeight * 0.4;
    const pages = [...at.querySelectorAll<HTMLElement>('[data-page]')];
    const shown = pages.findLast((one) => one.offsetTop <= line) ?? pages[0];
    setPage(Number(shown?.dataset.page ?? 1));
  }
  /** Larger or smaller, with what is in the middle staying there. */
  function change(to: Zoom) {
    const at = room.current;
    const ratio = zoomIn(to, first, space) / zoom;
    setFit(to);
    if (!at) return;
    const middle = at.scrollTop + at.clientHeight / 2;
    requestAnimationFrame(() => {
      at.scrollTop = middle * ratio - at.clientHeight / 2;
    });
  }
  function press(event: KeyboardEvent<HTMLElement>) {
    if (event.nativeEvent.isComposing || event.altKey || event.metaKey || event.ctrlKey) return;
    const at = event.currentTarget;
    const isWide = at.scrollWidth > at.clientWidth;
    if (/^Arrow(Left|Right)$/.test(event.key) && isWide) return event.stopPropagation(); // scrolls
    const deeds: Record<string, () => void> = {
      '+': () => change(stepped(zoom, 1)),
      '=': () => change(stepped(zoom, 1)),
      '-': () => change(stepped(zoom, -1)),
      '0': () => change('width'),
      '9': () => change('page'),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }
  return (
    <>
      <PdfTools
        page={page}
        pages={file.numPages}
        onGo={go}
        zoom={zoom}
        fit={fit}
        onStep={(way) => change(stepped(zoom, way))}
        onFit={change}
        words={words}
        onWords={setWords}
        found={search.found}
        onFound={search.step}
      />
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys, and they have their buttons above */}
      <section
        ref={room}
        aria-label={name}
        tabIndex={0}
        onKeyDown={press}
        onScroll={scrolled}
        className="relative min-h-0 flex-1 touch-pan-x touch-pan-y overflow-auto overscroll-contain bg-sunken -outline-offset-2"
      >
        <div className="flex w-max min-w-full flex-col" style={{ gap, padding: gap }}>
          {space.width > 0 &&
            Array.from({ length: file.numPages }, (_, i) => i + 1).map((number) => (
              <PdfPage
                key={number}
                {...{ file, number, first, zoom, words }}
                isNear={near.has(number)}
                onGo={go}
              />
            ))}
        </div>
      </section>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above */}
    </>
  );
}

/** The pages that are seen or soon will be. */
function useNear(room: RefObject<HTMLElement | null>, isLaid: boolean): Set<number> {
  const [near, setNear] = useState(new Set([1]));
  useEffect(() => {
    const at = room.current;
    if (!at || !isLaid) return;
    const watch = new IntersectionObserver(
      (entries) =>
        setNear((now) => {
          const next = new Set(now);
          for (const { target, isIntersecting } of entries) {
            const number = Number((target as HTMLElement).dataset.page);
            if (isIntersecting) next.add(number);
            else next.delete(number);
          }
          return next;
        }),
      { root: at, rootMargin: '60% 0px' },
    );
    for (const page of at.querySelectorAll('[data-page]')) watch.observe(page);
    return () => watch.disconnect();
  }, [room, isLaid]);
  return near;
}
