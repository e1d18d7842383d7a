// Short word at the edge of the page: what was done, with a way back. The box
// itself is fetched with the first word (ToastRegion); only that file knows the
// kit's toast, which is still marked unstable there.
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { later } from './later';

const load = later(() => import('./ToastRegion'));
const Region = lazy(load);

let hasSpoken = false;
const listeners = new Set<() => void>();

function speak() {
  hasSpoken = true;
  for (const listener of listeners) listener();
}

/** How long a word with a way back stays, in milliseconds. */
const undoTime = 6000;

export const toasts = {
  /** Says what was done; with undo it can be taken back for six seconds. */
  say(text: string, undo?: () => void) {
    speak();
    load().then(({ queue }) => queue.add({ text, deed: undo && { run: undo } }, { timeout: undoTime }));
  },
  /** Says what was done, and leads to what came of it for as long. */
  lead(text: string, label: string, run: () => void) {
    speak();
    load().then(({ queue }) => queue.add({ text, deed: { label, run } }, { timeout: undoTime }));
  },
  /** Says what is there to be taken; stays until it is taken or closed. */
  offer(text: string, label: string, run: () => void) {
    speak();
    load().then(({ queue }) => queue.add({ text, deed: { label, run } }));
  },
  /** Says what went wrong, and what helps where something does; stays until it is closed. */
  warn(text: string, deed?: { label: string; run(): void }) {
    speak();
    load().then(({ queue }) => queue.add({ text, tone: 'danger', deed }));
  },
};

/** Where the words appear; stands once, in the app. */
export function Toasts() {
  const isNeeded = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => hasSpoken,
  );
  return (
    isNeeded && (
      <Suspense>
        <Region />
      </Suspense>
    )
  );
}
