import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import type { Entity } from '@/api/types';
import type { ListSearch } from './query';

const Peek = lazy(() => import('../record/Peek'));

/**
 * Where a record is looked at beside its list. The peek follows the row that has
 * the focus, so that j and k go through the records themselves.
 */
export function PeekPlace({ entity, id }: { entity: Entity; id: string | undefined }) {
  const navigate = useNavigate();
  const show = useCallback(
    (next: string | undefined) =>
      navigate({
        to: '.',
        replace: true,
        search: ((old: ListSearch) => ({ ...old, peek: next })) as never,
      }),
    [navigate],
  );
  useEffect(() => {
    if (!id) return;
    function follow(event: FocusEvent) {
      const row = (event.target as Element).closest<HTMLElement>('[data-row][data-id]');
      if (row?.dataset.id && row.dataset.id !== id) void show(row.dataset.id);
    }
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, [id, show]);
  if (!id) return null;
  return (
    <Suspense fallback={<aside className="w-[440px] shrink-0 border-l border-line max-desk:hidden" />}>
      <Peek
        entity={entity}
        id={id}
        onClose={() => {
          void show(undefined);
          document
            .querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] a:not([tabindex="-1"])`)
            ?.focus();
        }}
      />
    </Suspense>
  );
}
