import { useEffect, useRef, useState } from 'react';
import { useShell } from '@/lib/shell';

/** The height of a row in pixels, as the reader chose it. */
export function useRowHeight(): number {
  // Read again when the density changes; it is a property of the whole page.
  useShell((shell) => shell.density);
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10) || 36;
}

/** Cards that are drawn beyond the edges. */
const beyond = 8;
/** They are drawn anew when so many have gone by: half of those beyond are left then. */
const atOnce = 4;

/**
 * Cards of one height of which only those in view exist: the first and the last of
 * them. Asks for more near the end.
 */
export function useVirtualRows(count: number, rowHeight: number, hasMore: boolean, onMore: () => void) {
  const scroller = useRef<HTMLElement>(null);
  // A screen's worth until the box is there to be asked.
  const [seen, setSeen] = useState({ first: 0, last: 24 });
  const isThere = count > 0;
  useEffect(() => {
    const box = scroller.current;
    if (!box || !isThere) return;
    const look = () => {
      const top = Math.floor(box.scrollTop / rowHeight / atOnce) * atOnce;
      const first = Math.max(0, top - beyond);
      const last = top + atOnce + Math.ceil(box.clientHeight / rowHeight) + beyond;
      setSeen((old) => (old.first === first && old.last === last ? old : { first, last }));
    };
    const resized = new ResizeObserver(look);
    resized.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [rowHeight, isThere]);
  const last = Math.min(count, seen.last) - 1;
  const first = Math.min(seen.first, Math.max(0, last));

  useEffect(() => {
    if (hasMore && last >= count - 30) onMore();
  }, [hasMore, last, count, onMore]);
  return { scroller, first, last };
}
