import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Action, Entity, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { toasts } from '@/ui/toasts';
import { useLabel } from '../context';
import { records, refresh } from '../data';
import { writeValue } from '../fields';
import { editorOf } from '../fields/editors';
import { fault, type Values } from '../form/validate';
import { ProblemNotice } from '../ProblemNotice';

interface ActionProps {
  entity: Entity;
  row: Row;
  action: Action;
  /** What is filled in already. */
  given?: Values;
  onClose(): void;
  /** The action was taken; else it is said here. */
  onDone?(row: Row): void;
}

/** Asks for what an action needs and does it. */
export default function ActionDialog({ entity, row, action, given, onClose, onDone }: ActionProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(given ?? {});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<Problem | null>(null);
  const input = action.input ?? [];

  async function run() {
    const found: Record<string, string> = {};
    for (const field of input) {
      const key = fault(field, values[field.key]);
      if (key) found[field.key] = t(key, { name: label(field.label) });
    }
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    try {
      const sent = Object.fromEntries(
        input.map((field) => [field.key, writeValue(field, values[field.key])]),
      );
      const answer = await records.act(entity.name, row.id, action.name, sent, row.version);
      await refresh(client, entity.name, row.id);
      if (onDone) return onDone(answer);
      toasts.say(t('record.acted', { name: label(action.label) }));
      onClose();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setErrors(Object.fromEntries((error.body.errors ?? []).map((one) => [one.field ?? '', one.message])));
      setFailed(error);
    }
  }

  const foot = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={run}>
        {label(action.label)}
      </Button>
    </>
  );
  return (
    <Dialog title={label(action.label)} isOpen onClose={onClose} foot={foot}>
      <div className="flex flex-col gap-4">
        {failed && <ProblemNotice error={failed} />}
        {input.map((field) => {
          const Editor = editorOf(field);
          return (
            Editor && (
              <Editor
                key={field.key}
                field={field}
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
