// The one way to the server: JSON both ways, the language told, errors as Problem.
import { useShell } from '@/lib/shell';
import type { ProblemBody } from './types';

/** A request that did not do what was asked. status 0 = the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
    /** Version of what is stored now, when the answer told it. */
    readonly tag = '',
  ) {
    super(body.detail || body.title || '');
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Request {
  method?: string;
  query?: Query;
  json?: unknown;
  headers?: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal;
}

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v1/${path}${text ? `?${text}` : ''}`;
}

/** Told of every 401, so that the page can ask to sign in again. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(listener: () => void) {
  onSignedOut = listener;
}

/** Something with its version, for If-Match. */
export interface Tagged<T> {
  value: T;
  tag: string;
}

/** Says that the server no longer knows who is here. */
export function signedOut() {
  onSignedOut();
}

export async function send<T>(path: string, request: Request = {}): Promise<T> {
  return (await sendTagged<T>(path, request)).value;
}

export async function sendTagged<T>(path: string, request: Request = {}): Promise<Tagged<T>> {
  const headers: Record<string, string> = {
    'Accept-Language': useShell.getState().locale,
    ...request.headers,
  };
  if (request.json !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response =
      (await takeEarly(path, request)) ??
      (await fetch(apiUrl(path, request.query), {
        method: request.method ?? 'GET',
        headers,
        body: request.json === undefined ? request.body : JSON.stringify(request.json),
        signal: request.signal,
        credentials: 'same-origin',
      }));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, { status: 0, code: 'unreachable' });
  }
  const text = await response.text();
  const body = parse(text);
  const tag = response.headers.get('ETag') ?? '';
  if (response.ok) return { value: body as T, tag };
  const problem =
    typeof body === 'object' && body !== null ? (body as ProblemBody) : { status: response.status };
  if (response.status === 401 && path !== 'session') onSignedOut();
  throw new Problem(response.status, { ...problem, status: response.status }, tag);
}

declare global {
  interface Window {
    /** What public/boot.js asked for before the page was there; each is used once. */
    guanxiEarly?: Record<string, Promise<Response | undefined>>;
  }
}

/** The answer that boot.js asked for already; undefined when there is none or it did not come. */
async function takeEarly(path: string, { method, query }: Request): Promise<Response | undefined> {
  const early = typeof window === 'undefined' ? undefined : window.guanxiEarly;
  const asked = early?.[path];
  if (!early || !asked || query || (method && method !== 'GET')) return undefined;
  delete early[path];
  return asked;
}

/** What was asked for early was asked for somebody else. */
export function dropEarly() {
  delete window.guanxiEarly;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return send<T>(path, { query, signal });
}

export function post<T>(path: string, json?: unknown, query?: Query): Promise<T> {
  return send<T>(path, { method: 'POST', json, query });
}

export function patch<T>(path: string, json: unknown, headers?: Record<string, string>): Promise<T> {
  return send<T>(path, { method: 'PATCH', json, headers });
}

export function remove<T>(path: string, query?: Query): Promise<T> {
  return send<T>(path, { method: 'DELETE', query });
}
