import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { FileRef } from '@/api/types';
import { mostBytes, upload } from '@/api/upload';
import { bytesText } from '@/lib/format';
import { useProblemText } from '../../ProblemNotice';
import { pastedName, pauses, unfit, type Waiting } from './queue';

export interface Uploads {
  /** What is not there yet: waiting, on its way, or failed. */
  waiting: Waiting[];
  isBusy: boolean;
  add(files: Iterable<File> | null | undefined): void;
  retry(key: number): void;
  /** Stops one that is on its way, forgets one that failed. */
  drop(key: number): void;
}

/** Sends files one after the other; onSent is told of each as it has arrived. */
export function useUploads(onSent: (file: FileRef) => void): Uploads {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  const held = useRef({ files: new Map<number, File>(), next: 1, running: 0, isGone: false });
  const stop = useRef<AbortController | null>(null);
  const tell = useRef({ onSent, problem });
  tell.current = { onSent, problem };

  const change = (key: number, part: Partial<Waiting>) =>
    setWaiting((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const forget = (key: number) => {
    held.current.files.delete(key);
    setWaiting((now) => now.filter((one) => one.key !== key));
  };

  async function send(key: number, file: File) {
    change(key, { state: 'sending', sent: 0, why: undefined });
    for (let tries = 0; ; tries++) {
      stop.current = new AbortController();
      try {
        const sent = await upload(file, {
          onPart: (bytes) => change(key, { sent: bytes }),
          signal: stop.current.signal,
        });
        forget(key);
        if (!held.current.isGone) tell.current.onSent(sent);
        return;
      } catch (error) {
        if (held.current.isGone || !held.current.files.has(key)) return;
        const pause = pauses[tries];
        const isLost = error instanceof Problem && error.status === 0;
        if (isLost && pause !== undefined) {
          change(key, { sent: 0, why: t('file.again') });
          await later(pause);
          if (!held.current.isGone && held.current.files.has(key)) continue;
          return;
        }
        const canRetry = !(error instanceof Problem) || error.status === 0 || error.status >= 500;
        change(key, { state: 'failed', why: tell.current.problem(error), canRetry });
        return;
      }
    }
  }

  // The next one starts when none is on its way.
  const next = waiting.find((one) => one.state === 'waiting');
  // biome-ignore lint/correctness/useExhaustiveDependencies: send only writes
  useEffect(() => {
    const file = next && held.current.files.get(next.key);
    if (!next || !file || held.current.running !== 0) return;
    held.current.running = next.key;
    void send(next.key, file).finally(() => {
      held.current.running = 0;
      setWaiting((now) => [...now]);
    });
  }, [next, waiting]);

  useEffect(() => {
    held.current.isGone = false;
    const back = () =>
      setWaiting((now) =>
        now.map((one) => (one.state === 'failed' && one.canRetry ? { ...one, state: 'waiting' } : one)),
      );
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('online', back);
      held.current.isGone = true;
      stop.current?.abort();
    };
  }, []);

  return {
    waiting,
    isBusy: waiting.some((one) => one.state !== 'failed'),
    add(files) {
      const added = [...(files ?? [])].map((file): Waiting => {
        const key = held.current.next++;
        const why = unfit(file, mostBytes);
        const name = pastedName(file.name, new Date());
        if (why) {
          const text = t(`file.${why}`, { most: bytesText(mostBytes) });
          return { key, name, size: file.size, sent: 0, state: 'failed', why: text };
        }
        held.current.files.set(key, name === file.name ? file : new File([file], name, { type: file.type }));
        return { key, name, size: file.size, sent: 0, state: 'waiting' };
      });
      setWaiting((now) => [...now, ...added]);
    },
    retry: (key) => change(key, { state: 'waiting', why: undefined }),
    drop(key) {
      if (held.current.running === key) stop.current?.abort();
      forget(key);
    },
  };
}

const later = (pause: number) => new Promise((resolve) => setTimeout(resolve, pause));
