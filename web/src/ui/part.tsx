import { type ComponentType, lazy, useState } from 'react';

/** How long one place waits for the next before it shows a fallback, in milliseconds: less than one notices (UI.md 9). */
const patience = 100;

/** Resolves when the work is done, or when it is time to go on without it. */
export function inTime(work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, patience))]);
}

/**
 * A component that is fetched on its own. Who knows that it comes asks for it by
 * load(), and once it is there it is drawn at once: React holds back for 300 ms what
 * comes after a fallback, and lazy() has one even for what was fetched long ago.
 */
export function part<P extends object>(fetch: () => Promise<ComponentType<P>>) {
  let there: ComponentType<P> | undefined;
  const load = async () => {
    there ??= await fetch();
    return { default: there };
  };
  const Lazy = lazy(load) as unknown as ComponentType<P>;
  // biome-ignore lint/correctness/noComponentHookFactories: called where a module begins, once for each part
  function Part(props: P) {
    const [Shown] = useState(() => there ?? Lazy);
    return <Shown {...props} />;
  }
  // A failure shows, and can be mended, where it is drawn.
  return Object.assign(Part, { load: () => load().catch(() => undefined) });
}
