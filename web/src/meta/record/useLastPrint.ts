import { useState } from 'react';

/** The layout that was last chosen for an entity on this device. */
export function useLastPrint(entity: string): [string | null, (key: string) => void] {
  const place = `guanxi.print.${entity}`;
  const [key, setKey] = useState(() => {
    try {
      return localStorage.getItem(place);
    } catch {
      return null; // storage is switched off: nothing is remembered
    }
  });
  return [
    key,
    (next) => {
      setKey(next);
      try {
        localStorage.setItem(place, next);
      } catch {
        // storage is switched off: nothing is remembered
      }
    },
  ];
}
