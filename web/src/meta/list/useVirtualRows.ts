import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useShell } from '@/lib/shell';

function pixels(height: `--${string}` | number): number {
  if (typeof height === 'number') return height;
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue(height), 10) || 36;
}

/** Rows of one height of which only those in view exist; asks for more near the end. */
export function useVirtualRows(
  count: number,
  height: `--${string}` | number,
  hasMore: boolean,
  onMore: () => void,
) {
  const scroller = useRef<HTMLElement>(null);
  const density = useShell((shell) => shell.density);
  const rowHeight = pixels(height);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when the density changes
  useEffect(() => virtual.measure(), [density, virtual]);
  useEffect(() => {
    if (hasMore && last >= count - 30) onMore();
  }, [hasMore, last, count, onMore]);
  return { scroller, virtual, items, rowHeight };
}
