import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useShell } from '@/lib/shell';

/** The height of a row in pixels, as the reader chose it. */
export function useRowHeight(): number {
  // Read again when the density changes; it is a property of the whole page.
  useShell((shell) => shell.density);
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10) || 36;
}

/** Cards of one height of which only those in view exist; asks for more near the end. */
export function useVirtualRows(count: number, rowHeight: number, hasMore: boolean, onMore: () => void) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (hasMore && last >= count - 30) onMore();
  }, [hasMore, last, count, onMore]);
  return { scroller, virtual, items };
}
