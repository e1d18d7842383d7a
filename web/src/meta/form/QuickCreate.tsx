// Makes a record from inside another form: only what it cannot be without is asked,
// the rest is filled in on its own page later.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Entity, Field, Ref } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { toasts } from '@/ui/toasts';
import { askedOf } from '../condition';
import { useFormats, useLabel, useMe } from '../context';
import { isPending, records, refresh } from '../data';
import { canEdit } from '../fields';
import { editorOf } from '../fields/editors';
import { ProblemNotice } from '../ProblemNotice';
import { defaultsOf } from './defaults';
import { seen } from './useAsked';
import { changes, fault, type Values } from './validate';

interface QuickCreateProps {
  entity: Entity;
  /** What was typed; its title. */
  name: string;
  /** The record that was made; null when none was. */
  onDone(made: Ref | null): void;
}

export default function QuickCreate({ entity, name, onDone }: QuickCreateProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const formats = useFormats();
  const client = useQueryClient();
  const [start] = useState<Values>(() => ({
    ...defaultsOf(entity, { id: me.id, label: me.name }, formats),
    [entity.title]: name,
  }));
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const editable = entity.fields.filter(canEdit);
  const rules = askedOf(entity.fields, values, start);
  const asked = editable.filter(
    (field) => field.key === entity.title || (rules.isRequired(field) && start[field.key] === undefined),
  );

  async function save(event?: FormEvent) {
    event?.preventDefault();
    event?.stopPropagation();
    const faults = asked.flatMap((field): [string, string][] => {
      const key = fault(field, values[field.key], rules.isRequired(field));
      return key ? [[field.key, t(key, { name: label(field.label) })]] : [];
    });
    setErrors(Object.fromEntries(faults));
    if (faults.length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      const made = await records.create(entity.name, changes(editable, {}, seen(entity, values, start)));
      if (isPending(made)) {
        toasts.say(t('form.pending'));
        return onDone(null);
      }
      await refresh(client, entity.name);
      toasts.say(t('form.created', { name: label(entity.label) }));
      onDone({ id: made.id, label: String(values[entity.title] ?? name) });
    } catch (caught) {
      if (caught instanceof Problem) {
        const told = (caught.body.errors ?? []).flatMap((one) =>
          one.field ? [[one.field, one.message]] : [],
        );
        setErrors(Object.fromEntries(told));
      }
      setProblem(caught);
      setBusy(false);
    }
  }

  const foot = (
    <>
      <Button onPress={() => onDone(null)}>{t('action.cancel')}</Button>
      <Button look="primary" isDisabled={isBusy} onPress={() => save()}>
        {t('action.create')}
      </Button>
    </>
  );
  return (
    <Dialog
      title={t('form.create', { name: label(entity.label) })}
      isOpen
      onClose={() => onDone(null)}
      foot={foot}
    >
      <form onSubmit={save} noValidate className="flex flex-col gap-4">
        {problem !== null && <ProblemNotice error={problem} />}
        {asked.map((field, i) => (
          <Asked
            key={field.key}
            field={field}
            value={values[field.key]}
            error={errors[field.key]}
            isRequired={rules.isRequired(field)}
            autoFocus={i === 0}
            onChange={(value) => setValues((old) => ({ ...old, [field.key]: value }))}
          />
        ))}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

interface AskedProps {
  field: Field;
  value: unknown;
  error?: string;
  isRequired: boolean;
  autoFocus: boolean;
  onChange(value: unknown): void;
}

function Asked({ field, value, error, isRequired, autoFocus, onChange }: AskedProps) {
  const label = useLabel();
  const Editor = editorOf(field);
  if (!Editor) return null;
  return (
    <Editor
      field={field}
      label={label(field.label)}
      isRequired={isRequired}
      value={value ?? null}
      onChange={onChange}
      error={error}
      autoFocus={autoFocus}
    />
  );
}
