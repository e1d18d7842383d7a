import { useEffect, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { Field } from '@/api/types';
import { type Draft, dropDraft, keepDraft, readDraft } from '@/lib/drafts';
import { changes, type Values } from './validate';

/** Milliseconds that typing rests before the draft is kept. */
const rest = 400;

/**
 * Keeps what is typed as a draft and tells of one that was there when the form
 * was opened. isDirty says whether anything differs from what the form began with.
 */
export function useDraft(key: string, form: UseFormReturn<Values>, fields: Field[], initial: Values) {
  const [found, setFound] = useState<Draft | null>(() => readDraft(key));
  const ended = useRef(false);
  // What a draft that was taken over began from, which may be an older version.
  const from = useRef<Pick<Draft, 'base' | 'version'> | null>(null);
  const dirty = () => (ended.current ? [] : Object.keys(changes(fields, initial, form.getValues())));
  const latest = useRef(dirty);
  latest.current = dirty;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      const changed = latest.current();
      if (ended.current || changed.length === 0) return;
      const part = (values: Values) =>
        Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
      keepDraft(key, {
        values: part(form.getValues()),
        base: part({ ...initial, ...from.current?.base }),
        version: from.current?.version ?? Number(initial.version ?? 0),
        at: Date.now(),
      });
      setFound(null);
    };
    const { unsubscribe } = form.watch(() => {
      clearTimeout(timer);
      timer = setTimeout(keep, rest);
    });
    // Reloaded or closed between two letters: what is typed is kept all the same.
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      clearTimeout(timer);
      unsubscribe();
    };
  }, [key, form, initial]);

  return {
    found,
    isDirty: () => dirty().length > 0,
    /** Puts the draft into the form. */
    take() {
      if (!found) return;
      from.current = found;
      for (const [name, value] of Object.entries(found.values)) {
        form.setValue(name, value, { shouldDirty: true });
      }
      setFound(null);
    },
    /** Saved, or given up: nothing is kept any more. */
    end() {
      ended.current = true;
      dropDraft(key);
      setFound(null);
    },
    /** The draft is not wanted; what is typed from now on is kept again. */
    drop() {
      dropDraft(key);
      setFound(null);
    },
  };
}
