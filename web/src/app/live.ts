// Changes made by others reach the page at once: one stream of events for all
// windows of a browser (the one that holds the lock reads and passes on).
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { lookForNewBuild } from './build';
import { metaQuery } from './session';

interface RecordEvent {
  entity: string;
  id: string;
  kind: string;
}

type Passed =
  | { kind: 'record'; data: RecordEvent }
  | { kind: 'meta'; version: string; again: boolean }
  | { kind: 'reset' };

/** How long news is gathered before it is acted on: a change of thousands of records asks once, not thousands of times. */
const gathered = 250;
/** Of more records than these all that is shown of their entity is asked again. */
const mostNamed = 20;

function makeApply(client: QueryClient): (event: Passed) => void {
  const again = (...queryKey: string[]) => client.invalidateQueries({ queryKey });
  const changed = new Map<string, Set<string>>();

  function ask() {
    for (const [entity, ids] of changed) {
      again('records', entity);
      for (const kind of ['record', 'timeline']) {
        if (ids.size > mostNamed) again(kind, entity);
        else for (const id of ids) again(kind, entity, id);
      }
    }
    if (changed.size > 0) again('related');
    changed.clear();
  }

  return (event) => {
    switch (event.kind) {
      case 'record': {
        const { entity, id, kind } = event.data;
        // No longer ours to read: what is shown of it goes, and asking again says so.
        if (kind === 'lost') void client.resetQueries({ queryKey: ['record', entity, id] });
        if (changed.size === 0) setTimeout(ask, gathered);
        changed.set(entity, (changed.get(entity) ?? new Set()).add(id));
        break;
      }
      case 'meta':
        // Told at every connection too; only another version is news. A server that
        // was gone may be back with another page.
        if (event.again) void lookForNewBuild();
        if (client.getQueryData(metaQuery.queryKey)?.version !== event.version) again(...metaQuery.queryKey);
        break;
      case 'reset':
        for (const key of ['records', 'record', 'timeline', 'related']) again(key);
    }
  };
}

export function useLiveChanges() {
  const client = useQueryClient();
  useEffect(() => {
    if (!navigator.locks) return;
    const channel = new BroadcastChannel('guanxi.live');
    const leave = new AbortController();
    const apply = makeApply(client);
    channel.onmessage = ({ data }: MessageEvent<Passed>) => apply(data);
    const pass = (event: Passed) => {
      apply(event);
      channel.postMessage(event);
    };
    navigator.locks
      .request('guanxi.live', { signal: leave.signal }, () => read(pass, leave.signal))
      .catch(() => {
        // Left while waiting for the lock: another window reads.
      });
    return () => {
      leave.abort();
      channel.close();
    };
  }, [client]);
}

/** Milliseconds after the start of the page: a stream that opens later follows one that was lost. */
const late = 20_000;

/** Reads the stream until the page is left. */
function read(pass: (event: Passed) => void, signal: AbortSignal): Promise<void> {
  const source = new EventSource('/api/v1/events');
  let connections = 0;
  source.addEventListener('open', () => connections++);
  source.addEventListener('record', ({ data }) =>
    pass({ kind: 'record', data: JSON.parse(data) as RecordEvent }),
  );
  source.addEventListener('meta', ({ data }) =>
    pass({
      kind: 'meta',
      again: connections > 1 || performance.now() > late,
      ...(JSON.parse(data) as { version: string }),
    }),
  );
  source.addEventListener('reset', () => pass({ kind: 'reset' }));
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      source.close();
      resolve();
    });
  });
}
