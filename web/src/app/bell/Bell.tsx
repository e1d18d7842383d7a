// The bell in the frame: how much waits, and a word of the browser for what
// comes while one looks elsewhere. The list itself is fetched when it is opened.
import { useQuery } from '@tanstack/react-query';
import { Bell as BellIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { later, whenAtRest } from '@/ui/later';
import { bellQuery, closeBell, openBell, useBell } from './notices';

const load = later(() => import('./BellSheet'));
const BellSheet = lazy(load);

/** How much waits behind the bell; asked for once the page is at rest. */
export function useWaiting() {
  const [isAtRest, setAtRest] = useState(false);
  useEffect(() => {
    let isHere = true;
    void whenAtRest.then(() => isHere && setAtRest(true));
    return () => {
      isHere = false;
    };
  }, []);
  const isOpen = useBell((bell) => bell.isOpen);
  return useQuery({ ...bellQuery, enabled: isAtRest || isOpen }).data;
}

export function BellButton() {
  const { t } = useTranslation();
  const count = useWaiting()?.count;
  const waits = count && count.value > 0 ? count : undefined;
  return (
    <IconButton
      label={waits ? t('bell.waiting', { count: countText(waits) }) : t('bell.title')}
      keys="g b"
      className="relative"
      onHoverStart={load}
      onPress={openBell}
    >
      <BellIcon size={15} aria-hidden="true" />
      {waits && <BellMark count={waits} />}
    </IconButton>
  );
}

/** How much waits, at the corner of what leads there. */
export function BellMark({ count }: { count: { value: number; exact: boolean } }) {
  return (
    <span
      aria-hidden="true"
      className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-danger px-1 text-center text-[10px]/[16px] font-medium text-panel tabular-nums"
    >
      {count.value > 99 ? '99+' : count.value}
    </span>
  );
}

/** Where the list opens; stands once, in the frame. */
export function BellPlace() {
  const isOpen = useBell((bell) => bell.isOpen);
  useEffect(() => closeBell, []);
  return (
    <>
      <Knock />
      {isOpen && (
        <Suspense>
          <BellSheet />
        </Suspense>
      )}
    </>
  );
}

/** Tells the browser of what came while the page is hidden, where the member allowed it. */
function Knock() {
  const page = useWaiting();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!page) return;
    const fresh = page.items.filter(({ id }) => known.current && !known.current.has(id));
    known.current = new Set(page.items.map(({ id }) => id));
    const isAllowed = 'Notification' in window && Notification.permission === 'granted';
    if (!isAllowed || !document.hidden) return;
    for (const one of fresh) {
      try {
        // One word for all windows of a browser: the tag is the notice's.
        const word = new Notification(one.title, { tag: one.id });
        word.onclick = () => {
          window.focus();
          openBell();
          word.close();
        };
      } catch {
        return; // Some phones know only those of a service worker.
      }
    }
  }, [page]);
  return null;
}
