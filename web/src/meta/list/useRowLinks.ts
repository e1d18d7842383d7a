import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useEffect } from 'react';

/**
 * Makes the plain links of rows go through the router. One listener for all rows:
 * the router's own link component in every row of a long list costs frames. With
 * onPeek a press beside the title looks at the record instead of opening it.
 */
export function useRowLinks(scroller: RefObject<HTMLElement | null>, onPeek?: (id: string) => void) {
  const navigate = useNavigate();
  useEffect(() => {
    const box = scroller.current;
    function click(event: MouseEvent) {
      const link = (event.target as Element).closest('a[data-to]');
      const isOwn =
        event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (!link || !isOwn) return;
      event.preventDefault();
      const id = link.closest<HTMLElement>('[data-row]')?.dataset.id;
      if (onPeek && id && link.ariaHidden === 'true') {
        onPeek(id);
        return;
      }
      navigate({ to: link.getAttribute('href') ?? '/' });
    }
    box?.addEventListener('click', click);
    return () => box?.removeEventListener('click', click);
  }, [scroller, navigate, onPeek]);
}
