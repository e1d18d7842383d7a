import { type RefObject, useEffect } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';

/** j and k move through the rows of a list; Enter is the link's own. */
export function useListKeys(scroller: RefObject<HTMLElement | null>) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const step = isPlain(event, 'j') ? 1 : isPlain(event, 'k') ? -1 : 0;
      const box = scroller.current;
      if (!step || !box || isTyping(event) || !useShell.getState().shortcuts) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const current = document.activeElement?.closest<HTMLElement>('[data-row]');
      const index = current ? Number(current.dataset.row) + step : 0;
      const row = box.querySelector<HTMLElement>(`[data-row="${index}"]`);
      row?.querySelector<HTMLElement>('a:not([tabindex="-1"])')?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [scroller]);
}
