// Files on their way to the server: how far they are, stopping them. By the older
// interface of browsers, because fetch does not say how much it has sent.
import { useShell } from '@/lib/shell';
import { apiUrl, Problem, signedOut } from './client';
import type { FileRef, ProblemBody } from './types';

/** The largest file that the server takes, in bytes. */
export const mostBytes = 512 * 2 ** 20;

interface Sending {
  onPart?(sent: number): void;
  signal?: AbortSignal;
}

/** Sends one file. Refused with a Problem; status 0 = the server was not reached, or it was stopped. */
export function upload(file: File, { onPart, signal }: Sending = {}): Promise<FileRef> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (code: string) => reject(new Problem(0, { status: 0, code }));
    request.open('POST', apiUrl('files'));
    request.setRequestHeader('Accept-Language', useShell.getState().locale);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('X-Filename', encodeURIComponent(file.name));
    request.upload.onprogress = (event) => onPart?.(event.loaded);
    request.onerror = () => fail('unreachable');
    request.onabort = () => fail('stopped');
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300 && body) return resolve(body as FileRef);
      if (request.status === 401) signedOut();
      reject(new Problem(request.status, { ...(body as ProblemBody), status: request.status }));
    };
    signal?.addEventListener('abort', () => request.abort());
    if (signal?.aborted) fail('stopped');
    else request.send(file);
  });
}

function parsed(text: string): object | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
