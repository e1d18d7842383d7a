// The build that this window runs: its files are kept for times without a server
// (public/sw.js), and another build on the server is noticed. A window is not
// reloaded over somebody's head, unless it asks for a part that is gone.
import { create } from 'zustand';
import { reloadPage } from '@/lib/reload';

/** The page's first script, named by its content: another build has another. */
const running = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src');

export const useBuild = create<{ isOld: boolean }>(() => ({ isOld: false }));

/** Asks the server which build it has; resolves with whether this window is of another. */
export async function lookForNewBuild(): Promise<boolean> {
  if (!running || useBuild.getState().isOld) return useBuild.getState().isOld;
  const answer = await fetch('/', { cache: 'no-cache', headers: { Accept: 'text/html' } }).catch(() => null);
  const page = answer?.ok ? await answer.text() : '';
  const isOld = page.includes('id="root"') && !page.includes(`"${running}"`);
  if (isOld) useBuild.setState({ isOld });
  return isOld;
}

/** Milliseconds after the start: the first rows stand, everything of the first load is there. */
const rest = 5000;

/** Has the files of this window kept, and heals a window that asks for a part of a build that is gone. */
export function keepBuild() {
  window.addEventListener('vite:preloadError', () => {
    // What is fetched unasked after the start (ui/later.ts) disturbs nobody when it fails.
    const isWanted = performance.now() > 2 * rest;
    void lookForNewBuild().then((isOld) => isOld && isWanted && reloadPage());
  });
  if (!import.meta.env.PROD || !running || !navigator.serviceWorker) return;
  setTimeout(async () => {
    try {
      await navigator.serviceWorker.register('/sw.js');
      const { active } = await navigator.serviceWorker.ready;
      const fetched = performance.getEntriesByType('resource').map((one) => new URL(one.name));
      const files = fetched.filter((url) => url.origin === location.origin).map((url) => url.pathname);
      active?.postMessage({ build: running, files: ['/', running, ...new Set(files)] });
    } catch {
      // A browser that forbids it: the page works as long as the server does.
    }
  }, rest);
}
