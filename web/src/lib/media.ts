import { useSyncExternalStore } from 'react';

const phone = window.matchMedia('screen and (max-width: 51.99rem)');

/** Whether the page is as narrow as a phone; the same edge as the "desk" class. Paper is never. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (changed) => {
      phone.addEventListener('change', changed);
      return () => phone.removeEventListener('change', changed);
    },
    () => phone.matches,
  );
}
