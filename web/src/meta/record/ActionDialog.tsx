import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Action, Entity, Pending, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Switch } from '@/ui/Switch';
import { type Condition, holds } from '../condition';
import { useFormats, useLabel, useMe } from '../context';
import { records, refresh } from '../data';
import { writeValue } from '../fields';
import { editorOf } from '../fields/editors';
import { defaultsOf } from '../form/defaults';
import { fault, type Values } from '../form/validate';
import { ProblemNotice } from '../ProblemNotice';
import { useActed } from './useActed';

interface ActionProps {
  entity: Entity;
  row: Row;
  action: Action;
  /** What is filled in already, and what is said of it. */
  given?: Values;
  said?: Record<string, string>;
  /** Instead of the action's name. */
  title?: string;
  /** On its button, where it is not the action's own. */
  confirm?: string;
  /** Instead of taking the action. */
  send?(values: Values): Promise<Row | Pending>;
  onClose(): void;
  /** The action was taken; else it is said here. */
  onDone?(answer: Row | Pending): void;
}

/** Asks for what an action needs and does it. */
export default function ActionDialog(props: ActionProps) {
  const { entity, row, action, given, said, send, onClose, onDone } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const me = useMe();
  const acted = useActed(entity, row);
  const formats = useFormats();
  const input = action.input ?? [];
  const name = props.title ?? label(action.label);
  const [values, setValues] = useState<Values>(() => ({
    ...defaultsOf({ fields: input, owned: false }, { id: me.id, label: me.name }, formats, new Date(), row),
    ...given,
  }));
  const [errors, setErrors] = useState<Record<string, string>>(said ?? {});
  const [failed, setFailed] = useState<Problem | null>(null);

  const known = new Map(input.map((field) => [field.key, field]));
  // What is asked only together with another answer (so many parts of equal size) waits for
  // that; fields of the record itself, which a move without an action asks for, do not.
  const shown = input.filter(
    (field) =>
      action.name === '' || !field.visible_when || holds(field.visible_when as Condition, known, values),
  );

  async function run() {
    const found: Record<string, string> = {};
    for (const field of shown) {
      const key = fault(field, values[field.key]);
      if (key) found[field.key] = t(key, { name: label(field.label) });
    }
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    try {
      const sent = Object.fromEntries(
        shown.map((field) => [field.key, writeValue(field, values[field.key])]),
      );
      const answer = send
        ? await send(sent)
        : await records.act(entity.name, row.id, action.name, sent, row.version);
      await refresh(client, entity.name, row.id);
      if (onDone) return onDone(answer);
      acted(action);
      onClose();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setErrors(Object.fromEntries((error.body.errors ?? []).map((one) => [one.field ?? '', one.message])));
      setFailed(error);
    }
  }

  const deed = props.confirm ?? (send ? t('action.save') : name);
  const foot = (
    <>
      {/* What cancels an order is no way out of the question. */}
      <Button onPress={onClose}>{t(deed === t('action.cancel') ? 'action.close' : 'action.cancel')}</Button>
      <Button look="primary" onPress={run}>
        {deed}
      </Button>
    </>
  );
  return (
    <Dialog title={name} isOpen onClose={onClose} foot={foot}>
      <div className="flex flex-col gap-4">
        {failed && <ProblemNotice error={failed} />}
        {shown.map((field) => {
          const Editor = editorOf(field);
          if (field.type === 'switch')
            return (
              <Switch
                key={field.key}
                label={label(field.label)}
                help={label(field.help) || undefined}
                isRow
                isSelected={values[field.key] === true}
                onChange={(value) => setValues((old) => ({ ...old, [field.key]: value }))}
                error={errors[field.key]}
              />
            );
          return (
            Editor && (
              <Editor
                key={field.key}
                field={field}
                row={{ ...row, ...values }}
                label={label(field.label)}
                help={label(field.help) || undefined}
                isRequired={field.required}
                value={values[field.key] ?? null}
                onChange={(value) => setValues((old) => ({ ...old, [field.key]: value }))}
                error={errors[field.key]}
              />
            )
          );
        })}
      </div>
    </Dialog>
  );
}
