import { type RefObject, useEffect } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';

/**
 * The keys of a list: j and k move through its rows, the space bar looks at the
 * row beside the list; Enter is the link's own. onPeek gets the id of a row.
 */
export function useListKeys(scroller: RefObject<HTMLElement | null>, onPeek?: (id: string) => void) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const box = scroller.current;
      if (!box || isTyping(event) || !useShell.getState().shortcuts) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"]')) return;
      const current = document.activeElement?.closest<HTMLElement>('[data-row]');
      if (onPeek && current && box.contains(current) && isPlain(event, ' ')) {
        event.preventDefault();
        onPeek(current.dataset.id ?? '');
        return;
      }
      const step = isPlain(event, 'j') ? 1 : isPlain(event, 'k') ? -1 : 0;
      if (!step) return;
      const row = box.querySelector<HTMLElement>(
        `[data-row="${current ? Number(current.dataset.row) + step : 0}"]`,
      );
      row?.querySelector<HTMLElement>('a:not([tabindex="-1"])')?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [scroller, onPeek]);
}
