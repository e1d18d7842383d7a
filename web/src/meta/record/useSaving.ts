// Saving single fields of a record from its page: shown at once, sent one after
// the other, and never over what somebody else saved meanwhile.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '@/api/client';
import type { Entity, Field, FileRef, Row, Undone } from '@/api/types';
import { equal } from '@/lib/equal';
import { toasts } from '@/ui/toasts';
import { isPending, records, refresh } from '../data';
import { writeValue } from '../fields';
import type { Conflict } from '../form/ConflictDialog';
import { clashing, currentOf } from '../form/merge';
import type { Values } from '../form/validate';
import { useProblemText } from '../ProblemNotice';

export interface Saving {
  /**
   * Saves one field. base is its value when the change began. Resolves with what
   * is wrong with the value, or undefined when it was saved or a choice is asked for.
   */
  change(field: Field, base: unknown, value: unknown): Promise<string | undefined>;
  /** Adds uploaded files to a field; never replaces what others added. */
  addFiles(field: Field, files: FileRef[]): Promise<void>;
  conflict: Conflict | null;
  /** Saves what was chosen in a conflict. */
  settle(patch: Values): Promise<void>;
  dropConflict(): void;
}

export function useSaving(entity: Entity, id: string): Saving {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef<Values>({});
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const key = ['record', entity.name, id];
  const shown = () => client.getQueryData<Row>(key);
  const show = (row: Row) => client.setQueryData<Row>(key, { ...row, ...waiting.current });

  /** One after the other: each starts from the version that the one before made. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const job = queue.current.then(work);
    queue.current = job.catch(() => {});
    return job;
  }

  async function undo(changeset: string) {
    try {
      const { conflicts } = await post<Undone>(`changesets/${changeset}/undo`);
      if (conflicts?.length) toasts.warn(t('record.undo_late'));
    } catch (error) {
      toasts.warn(problem(error));
    }
    await refresh(client, entity.name, id);
  }

  function saved(row: Row) {
    show(row);
    const changeset = typeof row.changeset === 'string' ? row.changeset : '';
    toasts.say(t('form.saved'), changeset ? () => void undo(changeset) : undefined);
    if (Object.keys(waiting.current).length === 0) void refresh(client, entity.name, id);
  }

  /** Sends a patch over whatever version is current, as long as mine meets no other change. */
  async function send(patch: Values, fits: (current: Row) => boolean): Promise<Row | 'waits' | 'clash'> {
    let version = shown()?.version ?? 0;
    for (;;) {
      try {
        const answer = await records.change(entity.name, id, version, patch);
        return isPending(answer) ? 'waits' : answer;
      } catch (error) {
        const current = currentOf(error);
        if (!current) throw error;
        if (!fits(current)) {
          delete waiting.current[Object.keys(patch)[0] ?? ''];
          show(current);
          return 'clash';
        }
        version = current.version;
      }
    }
  }

  async function change(field: Field, base: unknown, value: unknown): Promise<string | undefined> {
    const before = shown();
    const written = writeValue(field, value);
    if (!before || equal(written, writeValue(field, base))) return undefined;
    const patch = { [field.key]: written };
    const mine = { ...before, [field.key]: value };
    const meets = (row: Row) => clashing([field], { [field.key]: base }, patch, row).length > 0;
    const ask = (current: Row) =>
      setConflict({ fields: [field], mine, base: { [field.key]: base }, current, patch });
    if (meets(before)) {
      ask(before);
      return undefined;
    }
    await client.cancelQueries({ queryKey: key });
    waiting.current = { ...waiting.current, [field.key]: value };
    show(before);
    return inTurn(async () => {
      try {
        const answer = await send(patch, (current) => !meets(current));
        delete waiting.current[field.key];
        if (answer === 'clash') {
          const current = shown();
          if (current) ask(current);
        } else if (answer === 'waits') {
          toasts.say(t('form.pending'));
          await refresh(client, entity.name, id);
        } else saved(answer);
        return undefined;
      } catch (error) {
        delete waiting.current[field.key];
        const row = shown();
        if (row) show({ ...row, [field.key]: before[field.key] });
        void refresh(client, entity.name, id);
        const at = error instanceof Problem && error.body.errors?.find((one) => one.field === field.key);
        if (at) return at.message;
        toasts.warn(problem(error));
        return problem(error);
      }
    });
  }

  async function addFiles(field: Field, files: FileRef[]) {
    await inTurn(async () => {
      const answer = await send({ [field.key]: { add: files.map((file) => file.id) } }, () => true);
      if (answer === 'waits') toasts.say(t('form.pending'));
      else if (answer !== 'clash') saved(answer);
    });
  }

  async function settle(patch: Values) {
    if (!conflict) return;
    const { current, fields } = conflict;
    if (Object.keys(patch).length > 0) {
      const answer = await inTurn(() =>
        send(patch, (now) => clashing(fields, current, patch, now).length === 0),
      );
      if (answer === 'clash') {
        const now = shown();
        if (now) setConflict({ ...conflict, current: now });
        return;
      }
      if (answer === 'waits') toasts.say(t('form.pending'));
      else saved(answer);
    }
    setConflict(null);
  }

  return { change, addFiles, conflict, settle, dropConflict: () => setConflict(null) };
}
