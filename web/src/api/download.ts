// Documents that the server makes for this call: their bytes and their name.
import { useShell } from '@/lib/shell';
import { apiUrl, Problem, type Query, signedOut } from './client';
import type { ProblemBody } from './types';

export interface Document {
  bytes: Uint8Array;
  name: string;
}

interface Asked {
  query?: Query;
  /** Sent as the body of a POST. */
  json?: unknown;
  signal?: AbortSignal;
}

/** Fetches a document; what goes wrong is a Problem as everywhere. */
export async function fetchDocument(path: string, { query, json, signal }: Asked = {}): Promise<Document> {
  let answer: Response;
  try {
    answer = await fetch(apiUrl(path, query), {
      method: json === undefined ? 'GET' : 'POST',
      headers: {
        'Accept-Language': useShell.getState().locale,
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: json === undefined ? undefined : JSON.stringify(json),
      credentials: 'same-origin',
      signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, { status: 0, code: 'unreachable' });
  }
  if (answer.ok) {
    return {
      bytes: new Uint8Array(await answer.arrayBuffer()),
      name: nameIn(answer.headers.get('Content-Disposition') ?? ''),
    };
  }
  if (answer.status === 401) signedOut();
  const body = (await answer.json().catch(() => ({}))) as ProblemBody;
  throw new Problem(answer.status, { ...body, status: answer.status });
}

/** The file name that a Content-Disposition tells (RFC 6266), '' when it tells none. */
export function nameIn(disposition: string): string {
  const coded = /filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1];
  if (coded) {
    try {
      return decodeURIComponent(coded);
    } catch {
      // the plain one, then
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? '';
}

/** Hands a document to the browser as a download. */
export function saveDocument({ bytes, name }: Document, type: string) {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
