// Moving a card: shown at once, then said by the server; taken back for six seconds.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '@/api/client';
import type { Action, Entity, Field, Pending, Row, Undone } from '@/api/types';
import { toasts } from '@/ui/toasts';
import type { Contexts } from '../../context';
import { isPending, records, refresh } from '../../data';
import { canEdit, valueText, writeValue } from '../../fields';
import { currentOf } from '../../form/merge';
import { useProblemText } from '../../ProblemNotice';
import { type Board, moved, type Way, wayTo } from './columns';
import { type BoardQuery, boardKey } from './useBoard';

/** An action that must be told something before the card moves. */
export interface Asked {
  row: Row;
  action: Action;
  given: Record<string, unknown>;
  value: unknown;
  /** What the server misses in the record for where it is to go: asked and written together. */
  missing?: Record<string, string>;
  send?(values: Record<string, unknown>): Promise<Row | Pending>;
}

export interface Mover {
  way(row: Row, value: unknown): Way;
  /** Why a card cannot go to a column, in words; "" when it can. */
  refusal(row: Row, value: unknown): string;
  /** Moves a card, or asks first, or says why not. */
  move(row: Row, value: unknown): void;
  asked: Asked | null;
  /** The dialog is done: with the record when the action was taken. */
  answered(row?: Row | Pending): void;
  /** How a column is called. */
  name(value: unknown): string;
  title(row: Row): string;
}

export function useMove(entity: Entity, field: Field, query: BoardQuery, contexts: Contexts): Mover {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problemText = useProblemText();
  const [asked, setAsked] = useState<Asked | null>(null);
  const key = boardKey(entity.name, query);
  const titleField = entity.fields.find((one) => one.key === entity.title);
  const title = (row: Row) =>
    (titleField && valueText(row[titleField.key], { ...contexts, field: titleField, row })) ||
    t('field.untitled');
  const name = (value: unknown) =>
    value === null || value === undefined
      ? t('board.none', { name: contexts.label(field.label) })
      : valueText(value, { ...contexts, field });
  const way = (row: Row, value: unknown) => wayTo(entity, field, row, value);

  function refusal(row: Row, value: unknown): string {
    const found = way(row, value);
    if (found.kind !== 'refused') return '';
    return t(`board.why.${found.why}`, {
      from: name(row[field.key]),
      to: name(value),
      name: contexts.label(field.label),
    });
  }

  function move(row: Row, value: unknown) {
    const found = way(row, value);
    if (found.kind === 'stay') return;
    if (found.kind === 'refused') return toasts.warn(refusal(row, value));
    if (found.kind === 'act' && found.asks)
      return setAsked({ row, action: found.action, given: found.given, value });
    void write(row, value, () =>
      found.kind === 'patch'
        ? records.change(entity.name, row.id, row.version, { [field.key]: writeValue(field, value) })
        : records.act(entity.name, row.id, found.action.name, written(found.given), row.version),
    );
  }

  const written = (given: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(given).map(([one, value]) => [one, writeValue(field, value)]));

  async function write(row: Row, value: unknown, send: () => Promise<Row | Pending>) {
    await client.cancelQueries({ queryKey: key });
    const before = client.getQueryData<Board>(key);
    if (before) client.setQueryData<Board>(key, moved(before, row, field.key, value, query.sort));
    try {
      const answer = await send();
      if (answer && isPending(answer)) {
        client.setQueryData(key, before);
        toasts.say(t('form.pending'));
      } else said(row, value, answer);
    } catch (error) {
      client.setQueryData(key, before);
      if (way(row, value).kind === 'patch' && askFor(row, value, error)) return;
      // Somebody else was quicker: what is there now is shown, and said.
      if (currentOf(error)) toasts.warn(t('board.stale', { title: title(row) }));
      else if (error instanceof Problem) toasts.warn(error.body.errors?.[0]?.message ?? problemText(error));
      else throw error;
    } finally {
      await refresh(client, entity.name, row.id);
    }
  }

  /** What must be filled in for the new value is asked for; false when it is something else. */
  function askFor(row: Row, value: unknown, error: unknown): boolean {
    const errors = (error instanceof Problem && error.status === 422 && error.body.errors) || [];
    const known = new Map(entity.fields.map((one) => [one.key, one]));
    const input = errors.flatMap(({ field: at }) => {
      const one = known.get(at ?? '');
      return one && one !== field && canEdit(one) ? { ...one, required: true } : [];
    });
    if (input.length === 0 || input.length < errors.length) return false;
    const target = { [field.key]: writeValue(field, value) };
    setAsked({
      row,
      value,
      given: Object.fromEntries(input.map((one) => [one.key, row[one.key] ?? null])),
      missing: Object.fromEntries(errors.map((one) => [one.field ?? '', one.message])),
      action: { name: '', label: null, bulk: false, input },
      send: (values) => records.change(entity.name, row.id, row.version, { ...values, ...target }),
    });
    return true;
  }

  function said(row: Row, value: unknown, answer: Row | undefined) {
    const changeset = answer?.changeset;
    toasts.say(
      t('board.moved', { title: title(row), to: name(value) }),
      typeof changeset === 'string' ? () => void takeBack(changeset, row.id) : undefined,
    );
  }

  async function takeBack(changeset: string, id: string) {
    try {
      const { conflicts } = await post<Undone>(`changesets/${changeset}/undo`, {});
      if (conflicts?.length) toasts.warn(t('record.undo_late'));
    } catch (error) {
      toasts.warn(problemText(error));
    }
    await refresh(client, entity.name, id);
  }

  return {
    way,
    refusal,
    move,
    asked,
    answered(row) {
      if (asked && row) {
        if (isPending(row)) toasts.say(t('form.pending'));
        else said(asked.row, asked.value, row);
      }
      setAsked(null);
    },
    name,
    title,
  };
}
