import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, type Tagged } from '@/api/client';
import { toasts } from '@/ui/toasts';
import { type Pieces, together } from './collide';
import { useSaving } from './useSaving';

export interface Collision {
  /** What is stored now, and its version. */
  stored: Tagged<unknown>;
  mine: Pieces;
  theirs: Pieces;
  both: string[];
}

interface Options<T> {
  stored: Tagged<T>;
  pieces(value: T): Pieces;
  whole(pieces: Pieces, base: T): T;
  /** Sends what differs from base, if it is still what is stored. */
  write(value: T, base: Tagged<T>): Promise<Tagged<T>>;
  said?: string;
}

/**
 * Something that several administrators may change at once. What they changed
 * apart is brought together; where both changed the same, both sides are shown
 * and one is chosen: nothing is lost silently.
 */
export function useShared<T>({ stored, pieces, whole, write, said }: Options<T>) {
  const { t } = useTranslation();
  const [base, setBase] = useState(stored);
  const [value, setValue] = useState(stored.value);
  const [collision, setCollision] = useState<Collision | null>(null);
  const saving = useSaving();
  const changed = JSON.stringify(pieces(value)) !== JSON.stringify(pieces(base.value));

  /** Gives whether it is stored; false: there is something to settle first. */
  async function store(next: T, from: Tagged<T>): Promise<boolean> {
    try {
      const now = await write(next, from);
      setBase(now);
      setValue(now.value);
      setCollision(null);
      toasts.say(said ?? t('form.saved'));
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412 || error.body.current === undefined)
        throw error;
      const now: Tagged<T> = { value: error.body.current as T, tag: error.tag };
      const theirs = pieces(now.value);
      const { merged, both } = together(pieces(from.value), pieces(next), theirs);
      if (both.length === 0) return store(whole(merged, now.value), now);
      setBase(now);
      setValue(whole(merged, now.value));
      setCollision({ stored: now, mine: merged, theirs, both });
      return false;
    }
  }

  async function run(next: T, from: Tagged<T>): Promise<boolean> {
    let stored = false;
    await saving.save(async () => {
      stored = await store(next, from);
    }, '');
    return stored;
  }
  return {
    value,
    setValue,
    base,
    changed,
    saving,
    collision,
    save: () => run(value, base),
    giveUp: () => setValue(base.value),
    /** Ends the collision: of each part in theirs the stored side stays. */
    settle: async (theirs: ReadonlySet<string>): Promise<boolean> => {
      if (!collision) return false;
      const chosen = { ...collision.mine };
      for (const key of theirs) chosen[key] = collision.theirs[key];
      return run(whole(chosen, base.value), base);
    },
    look: () => setCollision(null),
  };
}

export type Shared<T> = ReturnType<typeof useShared<T>>;
