// Edits one cell where it stands: Enter keeps, Esc leaves it, Tab goes on to the
// next one. Fetched when a cell is first edited.
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '@/api/client';
import type { Entity, Row } from '@/api/types';
import { equal } from '@/lib/equal';
import { toasts } from '@/ui/toasts';
import { type Contexts, fieldsOf } from '../context';
import { isPending, records, refresh } from '../data';
import { typeOf, writeValue } from '../fields';
import { editorOf } from '../fields/editors';
import { useProblemText } from '../ProblemNotice';
import { putRow } from './rows';
import { setCellError } from './useCellErrors';

export interface CellPlace {
  index: number;
  key: string;
  row: Row;
  top: number;
  left: number;
  width: number;
  height: number;
}

interface CellEditorProps {
  entity: Entity;
  contexts: Contexts;
  place: CellPlace;
  /** Done with this cell; step goes on to the one after or before. */
  onDone(step?: 1 | -1): void;
}

/** Choosing a value is all there is to do in these: it is kept at once. */
const atOnce = new Set(['choice', 'tree_choice', 'date', 'switch', 'reference']);

export default function CellEditor({ entity, contexts, place, onDone }: CellEditorProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problemText = useProblemText();
  const box = useRef<HTMLDivElement>(null);
  const [row] = useState(place.row);
  const field = fieldsOf(entity).get(place.key);
  const [value, setValue] = useState(row[place.key]);
  const isLeft = useRef(false);
  const latest = useRef(value);
  latest.current = value;

  // The editors of the kit take focus by themselves where they can; the others are helped.
  useEffect(() => {
    const inside = box.current;
    if (!inside || inside.contains(document.activeElement)) return;
    inside.querySelector<HTMLElement>('input, textarea, button, [tabindex="0"]')?.focus();
  }, []);
  useEffect(() => {
    box.current?.querySelector('input')?.select?.();
  }, []);
  // A press anywhere else keeps what was typed.
  useEffect(() => {
    function press(event: PointerEvent) {
      const target = event.target as Element;
      if (box.current?.contains(target) || target.closest('.floating, [data-overlay], [role="listbox"]'))
        return;
      leave(true);
    }
    document.addEventListener('pointerdown', press, true);
    return () => document.removeEventListener('pointerdown', press, true);
  });

  if (!field) return null;
  const Editor = editorOf(field);
  if (!Editor) return null;

  function leave(isKept: boolean, step?: 1 | -1) {
    if (isLeft.current) return;
    isLeft.current = true;
    onDone(step);
    if (isKept && field && !equal(latest.current ?? null, row[field.key] ?? null)) void save(latest.current);
  }

  async function save(next: unknown) {
    if (!field) return;
    const name = contexts.label(field.label);
    setCellError(row.id, field.key, null);
    putRow(client, entity.name, { id: row.id, [field.key]: next });
    try {
      const answer = await records.change(entity.name, row.id, row.version, {
        [field.key]: writeValue(field, next),
      });
      if (isPending(answer)) {
        putRow(client, entity.name, row);
        return toasts.say(t('form.pending'));
      }
      putRow(client, entity.name, answer);
      const changeset = answer.changeset;
      toasts.say(
        t('list.cell_saved', { name }),
        typeof changeset === 'string' ? () => void takeBack(changeset) : undefined,
      );
    } catch (error) {
      putRow(client, entity.name, row);
      const own =
        error instanceof Problem && error.body.errors?.find((one) => one.field === field.key)?.message;
      const message = own || problemText(error);
      setCellError(row.id, field.key, message);
      toasts.warn(t('form.error_at', { name, message }));
      await refresh(client, entity.name, row.id);
    }
  }

  async function takeBack(changeset: string) {
    try {
      await post(`changesets/${changeset}/undo`, {});
    } catch (error) {
      toasts.warn(problemText(error));
    }
    await refresh(client, entity.name, row.id);
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const inText = (event.target as Element).matches('input, textarea');
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leave(false);
    } else if (event.key === 'Enter' && inText && !event.defaultPrevented && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      leave(true);
    } else if (event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      leave(true, event.shiftKey ? -1 : 1);
    }
  }

  const { filter } = typeOf(field);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: watches the keys of the field inside
    <div
      ref={box}
      onKeyDown={press}
      className="absolute z-30 rounded-sm bg-raised shadow-float [&_.control]:min-h-(--row)"
      style={{ top: place.top, left: place.left, width: Math.max(place.width, 160), minHeight: place.height }}
    >
      <Editor
        field={field}
        label={contexts.label(field.label)}
        hideLabel
        autoFocus
        row={row}
        value={value}
        onChange={(next) => {
          setValue(next);
          latest.current = next;
          if (atOnce.has(filter) && !field.settings.many) leave(true);
        }}
      />
    </div>
  );
}
