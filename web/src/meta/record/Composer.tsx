// The quick log under a record: what was said, when next, a photo. Fetched when
// it is opened.
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Entity, Field, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { toasts } from '@/ui/toasts';
import { askedOf } from '../condition';
import { useFormats, useLabel, useMe } from '../context';
import { isPending, records, refresh } from '../data';
import { typeOf } from '../fields';
import { editorOf } from '../fields/editors';
import { defaultsOf } from '../form/defaults';
import { seen } from '../form/useAsked';
import { changes, fault, type Values } from '../form/validate';
import { formGroupsOf } from '../layout';
import { ProblemNotice } from '../ProblemNotice';
import type { Log } from './roles';

interface ComposerProps {
  entity: Entity;
  row: Row;
  log: Log;
  onDone(): void;
}

export default function Composer({ entity, row, log, onDone }: ComposerProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const formats = useFormats();
  const client = useQueryClient();
  const box = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>(() =>
    defaultsOf(log.entity, { id: me.id, label: me.name }, formats),
  );
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const name = label(log.entity.label);
  const asked = askedOf(log.entity.fields, values);
  const fields = quickFields(log, entity, asked.isRequired).filter(asked.isShown);

  useEffect(() => {
    const fields = box.current?.querySelectorAll<HTMLElement>('textarea, input[type="text"]:not([role])');
    // The words first: a list that opens under the cursor would be in the way.
    const first = [...(fields ?? [])].find((one) => one.tagName === 'TEXTAREA') ?? fields?.[0];
    first?.focus();
  }, []);

  async function save() {
    const found: Record<string, string> = {};
    for (const field of fields) {
      const key = fault(field, values[field.key], asked.isRequired(field));
      if (key) found[field.key] = t(key, { name: label(field.label) });
    }
    setErrors(found);
    setFailed(null);
    if (Object.keys(found).length > 0) return;
    setSaving(true);
    try {
      const sent = changes(
        log.entity.fields,
        {},
        {
          ...seen(log.entity, values, {}),
          [log.about.key]: { id: row.id, type: entity.name },
        },
      );
      const made = await records.create(log.entity.name, sent);
      await Promise.all([refresh(client, log.entity.name), refresh(client, entity.name, row.id)]);
      toasts.say(isPending(made) ? t('form.pending') : t('form.created', { name }));
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setErrors(Object.fromEntries((error.body.errors ?? []).map((one) => [one.field ?? '', one.message])));
      setFailed(error);
      setSaving(false);
    }
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  }

  return (
    <form
      ref={box}
      noValidate
      aria-label={t('record.log', { name })}
      onKeyDown={press}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      className="mb-4 flex flex-col gap-3 rounded-md border border-line-strong p-3"
    >
      {failed && Object.keys(errors).length === 0 && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-3 desk:grid-cols-2">
        {fields.map((field) => {
          const Editor = editorOf(field);
          return (
            Editor && (
              <div
                key={field.key}
                data-field={field.key}
                className={cx('min-w-0', typeOf(field).isWide && 'desk:col-span-2')}
              >
                <Editor
                  field={field}
                  label={label(field.label)}
                  isRequired={asked.isRequired(field)}
                  value={values[field.key] ?? null}
                  onChange={(value) => setValues((old) => ({ ...old, [field.key]: value ?? null }))}
                  error={errors[field.key]}
                  row={values}
                />
              </div>
            )
          );
        })}
      </div>
      <div className="flex justify-end gap-2">
        <Button onPress={onDone}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={isSaving}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}

/** What a quick log asks: the first group of the form and whatever must be filled in. */
function quickFields(
  { entity, about }: Log,
  subject: Entity,
  isRequired: (field: Field) => boolean,
): Field[] {
  const groups = formGroupsOf(entity);
  return groups
    .flatMap((group, i) =>
      group.fields.filter((field) => i === 0 || isRequired(field) || field.type === 'file'),
    )
    .filter(
      (field) =>
        field.key !== about.key && !(entity.owned && field.key === 'owner') && !isGiven(field, subject),
    );
}

/** A reference that the subject already tells: the customer of a visit to a customer. */
function isGiven(field: Field, subject: Entity): boolean {
  return field.type === 'reference' && !field.required && field.settings?.target === subject.name;
}
