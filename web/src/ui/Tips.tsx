// The tips of the page: one listener and one box for all elements that carry the
// attributes of tip.ts. A tip comes after 400 ms, at once beside one that was just
// there, and at once for the keyboard; Esc takes it away, and the pointer may go
// onto it (WCAG 1.4.13).
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './Kbd';

interface Shown {
  of: HTMLElement;
  text: string;
  keys?: string;
}

const slow = 400;
const warm = 300;
const gap = 6;

function tipOf(target: EventTarget | null): Shown | null {
  if (!(target instanceof Element)) return null;
  const of = target.closest<HTMLElement>('[data-tip],[data-tip-cut]');
  if (!of) return null;
  const { tip, tipKeys } = of.dataset;
  if (tip) return { of, text: tip, keys: tipKeys };
  return of.scrollWidth > of.clientWidth ? { of, text: of.textContent ?? '' } : null;
}

/** Shows the tips of everything on the page; stands once, in the app. */
export function Tips() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => watch(setShown), []);
  return shown && createPortal(<Tip {...shown} />, document.body);
}

/** Calls show as pointer and focus go about; returns what ends it. */
function watch(show: (shown: Shown | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let now: HTMLElement | undefined;
  let lastSeen = Number.NEGATIVE_INFINITY;
  const hide = () => {
    clearTimeout(timer);
    if (now) lastSeen = performance.now();
    now = undefined;
    show(null);
  };
  const bring = (next: Shown, after: number) => {
    clearTimeout(timer);
    const open = () => {
      if (!next.of.isConnected) return;
      now = next.of;
      show(next);
    };
    if (after > 0) timer = setTimeout(open, after);
    else open();
  };
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    if (event.target instanceof Element && event.target.closest('[role="tooltip"]')) return;
    const next = tipOf(event.target);
    if (!next) return hide();
    if (next.of === now) return;
    const isWarm = now !== undefined || performance.now() - lastSeen < warm;
    hide();
    bring(next, isWarm ? 1 : slow);
  };
  const focus = (event: FocusEvent) => {
    const next = tipOf(event.target);
    if (next?.of.matches(':focus-visible')) bring(next, 0);
  };
  const key = (event: KeyboardEvent) => {
    if (now && event.key === 'Escape') hide();
  };
  const ends = new AbortController();
  const { signal } = ends;
  document.addEventListener('pointerover', over, { signal, passive: true });
  document.addEventListener('pointerdown', hide, { signal, passive: true });
  document.addEventListener('focusin', focus, { signal });
  document.addEventListener('focusout', hide, { signal });
  document.addEventListener('keydown', key, { signal });
  document.addEventListener('scroll', () => now && hide(), { signal, capture: true, passive: true });
  return () => {
    ends.abort();
    clearTimeout(timer);
  };
}

function Tip({ of, text, keys }: Shown) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<CSSProperties>({ visibility: 'hidden', left: 0, top: 0 });
  useLayoutEffect(() => {
    if (!box.current) return;
    setPlace(placeOf(of.getBoundingClientRect(), box.current.getBoundingClientRect()));
  }, [of]);
  return (
    <div
      ref={box}
      role="tooltip"
      style={place}
      className="floating fixed z-70 flex max-w-72 items-center gap-2 px-2 py-1 text-meta break-words whitespace-pre-line text-ink"
    >
      {text}
      {keys && <Kbd keys={keys} />}
    </div>
  );
}

/** Under the element, over it where there is no room, and never off the page. */
function placeOf(target: DOMRect, box: DOMRect): CSSProperties {
  const { clientWidth, clientHeight } = document.documentElement;
  const middle = target.left + target.width / 2 - box.width / 2;
  const below = target.bottom + gap + box.height <= clientHeight;
  return {
    left: Math.round(Math.max(4, Math.min(middle, clientWidth - box.width - 4))),
    top: Math.round(below ? target.bottom + gap : Math.max(4, target.top - gap - box.height)),
  };
}
