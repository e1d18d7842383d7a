// Parts that are fetched after the page stands: when they are asked for, at the
// latest some time after the start, when the browser has nothing else to do.

/** Milliseconds that are left to the first rows before anything is fetched unasked. */
const restAfter = 2500;

/** Resolves once the browser has had time for the first rows and has nothing else to do. */
export const whenAtRest = new Promise<void>((resolve) => {
  setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 2000 });
    else resolve();
  }, restAfter);
});

/** Makes a loader that fetches once, and again only after a failure; by itself once the page is at rest. */
export function later<T>(load: () => Promise<T>): () => Promise<T> {
  let fetched: Promise<T> | undefined;
  const once = () => {
    fetched ??= load().catch((error) => {
      fetched = undefined;
      throw error;
    });
    return fetched;
  };
  // Nobody asked yet: who does will try again and be told what is wrong.
  whenAtRest.then(once).catch(() => undefined);
  return once;
}
