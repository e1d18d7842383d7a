// Changes made by others reach the page at once: one stream of events for all
// windows of a browser (the one that holds the lock reads and passes on).
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { metaQuery } from './session';

interface RecordEvent {
  entity: string;
  id: string;
}

type Passed = { kind: 'record'; data: RecordEvent } | { kind: 'meta' };

function apply(client: QueryClient, event: Passed) {
  if (event.kind === 'meta') {
    client.invalidateQueries({ queryKey: metaQuery.queryKey });
    return;
  }
  const { entity, id } = event.data;
  client.invalidateQueries({ queryKey: ['records', entity] });
  client.invalidateQueries({ queryKey: ['record', entity, id] });
  client.invalidateQueries({ queryKey: ['timeline', entity, id] });
  client.invalidateQueries({ queryKey: ['related'] });
}

export function useLiveChanges() {
  const client = useQueryClient();
  useEffect(() => {
    if (!navigator.locks) return;
    const channel = new BroadcastChannel('guanxi.live');
    const leave = new AbortController();
    channel.onmessage = ({ data }: MessageEvent<Passed>) => apply(client, data);
    const pass = (event: Passed) => {
      apply(client, event);
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

/** Reads the stream until the page is left. */
function read(pass: (event: Passed) => void, signal: AbortSignal): Promise<void> {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('record', ({ data }) =>
    pass({ kind: 'record', data: JSON.parse(data) as RecordEvent }),
  );
  source.addEventListener('meta', () => pass({ kind: 'meta' }));
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      source.close();
      resolve();
    });
  });
}
