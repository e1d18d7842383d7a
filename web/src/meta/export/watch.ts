// Exports that go on after their dialog was closed: the member is told when the
// file is there, on whatever page he is by then.
import { apiUrl, get } from '@/api/client';
import { toasts } from '@/ui/toasts';

export interface Work {
  state: string;
  done: number;
  result: { file: string; name: string; rows: number } | null;
  error: { detail: string } | null;
}

export const over = new Set(['done', 'failed', 'cancelled']);

export const workAt = (id: string, signal?: AbortSignal) => get<Work>(`jobs/${id}`, {}, signal);

export const fileUrl = (result: NonNullable<Work['result']>) => apiUrl(`files/${result.file}`);

interface Words {
  ready(rows: number): string;
  fetch: string;
  failed: string;
}

/** How long between two looks, in milliseconds. */
const pause = 1500;

/** Watches an export that nobody looks at any more. */
export async function watchAside(id: string, words: Words) {
  let work: Work;
  do {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      work = await workAt(id);
    } catch {
      return; // Signed out, or no server: there is nobody to tell, or no way to know.
    }
  } while (!over.has(work.state));
  if (work.state === 'cancelled') return;
  const { result } = work;
  if (!result) toasts.warn(work.error?.detail || words.failed);
  else toasts.offer(words.ready(result.rows), words.fetch, () => fetchFile(fileUrl(result)));
}

function fetchFile(url: string) {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
