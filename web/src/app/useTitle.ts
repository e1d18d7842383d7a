import { useEffect } from 'react';
import type { Texts } from '@/api/types';
import { useLabel } from '@/meta/context';

/** Puts the place into the window's title, before the product's name. */
export function useTitle(texts: Texts | string | null | undefined) {
  const label = useLabel();
  const text = typeof texts === 'string' ? texts : label(texts);
  useEffect(() => {
    document.title = text ? `${text} · Guanxi` : 'Guanxi';
  }, [text]);
}
