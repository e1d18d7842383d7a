// The form of a record, drawn from metadata: for a new one and for a change.
import { useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Controller, type Resolver, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Entity, Field } from '@/api/types';
import { type Draft, draftKey } from '@/lib/drafts';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { askedOf } from '../condition';
import { useFormats, useLabel, useMe, useMeta } from '../context';
import { FormTabs, tabOfField, tabsOf } from '../FormTabs';
import { isIdleRate, typeOf } from '../fields';
import { editorOf } from '../fields/editors';
import { type FieldGroup, formGroupsOf } from '../layout';
import { filled, isLed, leadsOf } from '../leads';
import { LinesPlace } from '../lines/LinesPlace';
import { lineFieldsOf, linesOf } from '../lines/lines';
import { useLineErrors } from '../lines/useLineErrors';
import { DraftNotice } from './DraftNotice';
import { ErrorSummary, type SummaryItem } from './ErrorSummary';
import { Alike, Computed } from './Foresight';
import { LeaveGuard } from './LeaveGuard';
import { seen, useAsked } from './useAsked';
import { useDraft } from './useDraft';
import { usePreview } from './usePreview';
import { fault, type Values } from './validate';

interface RecordFormProps {
  entity: Entity;
  initial: Values;
  /** The record that is changed; absent for a new one. */
  id?: string;
  /**
   * Saves; throws a Problem when the server refuses. done is called once it is
   * saved, before the form is left.
   */
  onSave(values: Values, done: () => void): Promise<void>;
  onCancel(): void;
  /** A draft was taken over that began from another version of the record. */
  onDraft?(draft: Draft): void;
}

export function RecordForm({ entity, initial, id, onSave, onCancel, onDraft }: RecordFormProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const { entities } = useMeta();
  const groups = useMemo(() => formGroupsOf(entity), [entity]);
  const lines = useMemo(() => lineFieldsOf(entity, entities), [entity, entities]);
  const own = useMemo(() => groups.flatMap((group) => group.fields), [groups]);
  const fields = useMemo(() => [...own, ...lines], [own, lines]);
  const lineErrors = useLineErrors(lines);
  // What the form began with; what comes after must not move the ground.
  const [began] = useState(initial);
  const box = useRef<HTMLFormElement>(null);
  const [general, setGeneral] = useState<Problem | null>(null);

  const resolver: Resolver<Values> = (values) => {
    const errors: Record<string, { type: string; message: string }> = lineErrors.check(values);
    const asked = askedOf(entity.fields, values, began);
    for (const field of own.filter(asked.isShown)) {
      const key = fault(field, values[field.key], asked.isRequired(field) && !isLed(own, field.key, values));
      if (key) errors[field.key] = { type: 'value', message: t(key, { name: label(field.label) }) };
    }
    return Object.keys(errors).length > 0 ? { values: {}, errors } : { values, errors: {} };
  };
  const form = useForm<Values>({ defaultValues: began, resolver, shouldFocusError: false });
  const { errors, isSubmitting } = form.formState;
  const asked = useAsked(entity, form, began);
  const money = useFormats();
  const shown = groups
    .map((group) => ({
      ...group,
      fields: group.fields.filter(
        (field) => asked.isShown(field) && !isIdleRate(field, form.watch, money.currency),
      ),
    }))
    .filter((group) => group.fields.length > 0);

  // A group that is not for the record as it stands is shown when there is something in it.
  const grouped = lines.filter((field) => asked.isShown(field) || linesOf(began[field.key]).length > 0);

  const draft = useDraft(draftKey(me.id, entity.name, id), form, fields, began);
  const preview = usePreview(entity, id, form, fields, began);

  // What follows from a field is shown as soon as the server says it.
  useEffect(() => {
    for (const [key, value] of Object.entries(filled(own, form.getValues(), preview.values)))
      form.setValue(key, value);
  }, [preview.values, own, form]);

  const tabs = tabsOf(entity, shown);
  const [wanted, setTab] = useState<string>();
  const tab = tabs.some((one) => one.key === wanted) ? wanted : tabs[0]?.key;
  /** Opens the tab of the first field that is wrong, unless one is in sight. */
  function showFaults(keys: string[]) {
    const at = keys.map((key) => tabOfField(shown, key));
    if (at.length > 0 && !at.some((one) => one === undefined || one === tab)) setTab(at[0]);
  }
  function goTo(key: string) {
    const at = tabOfField(shown, key);
    if (at && at !== tab) flushSync(() => setTab(at));
    focusField(box.current, key);
  }

  /** A file that was pasted went to the first field for files: its tab opens. */
  function showPasted(event: React.ClipboardEvent) {
    if (!event.defaultPrevented || event.clipboardData.files.length === 0) return;
    const field = fields.find((one) => one.type === 'file' && asked.isShown(one));
    const at = field && tabOfField(shown, field.key);
    if (at) setTab(at);
  }

  const submit = form.handleSubmit(
    async (values) => {
      setGeneral(null);
      try {
        await onSave(seen(entity, values, began), draft.end);
      } catch (error) {
        const problem =
          error instanceof Problem ? error : new Problem(0, { status: 0, detail: t('error.page') });
        for (const { field, message } of lineErrors.take(form, problem.body.errors ?? [])) {
          if (field) form.setError(field, { type: 'server', message });
        }
        setGeneral(problem);
        showFaults((problem.body.errors ?? []).flatMap(({ field }) => field ?? []));
      }
    },
    (wrong) => showFaults(fields.flatMap((field) => (wrong[field.key] ? [field.key] : []))),
  );

  const wrong: SummaryItem[] = own.flatMap((field) => {
    const message = errors[field.key]?.message;
    return message ? [{ key: field.key, name: label(field.label), message: String(message) }] : [];
  });
  // The lines of a paper stand where the paper has them.
  const split = shown.findIndex((group) => group.key === entity.layout.lines_after) + 1;
  const currency = form.watch('currency');
  const draw = (some: typeof shown) => (
    <FormTabs
      entity={entity}
      groups={some}
      value={tab}
      onChange={setTab}
      faults={(group) => group.fields.filter((field) => errors[field.key]).length}
      className="gap-8"
      draw={(group) => (
        <GroupFields key={group.key} group={group} form={form} isRequired={asked.isRequired} />
      )}
    />
  );
  const grids = (
    <div className="mx-auto flex max-w-7xl flex-col gap-8 px-4 desk:px-8">
      {grouped.map((field) => (
        <LinesPlace
          key={field.key}
          field={field}
          of={id}
          control={form.control}
          computed={preview.values[field.key]}
          asked={preview.of?.[field.key]}
          errors={lineErrors.cells(errors, field)}
          onErrors={(next) => lineErrors.set(form, field, next)}
        />
      ))}
    </div>
  );
  const summary = [...wrong, ...lineErrors.summary(errors, form.getValues())];
  const notices = (
    <>
      <ErrorSummary
        items={summary}
        problem={general}
        attempt={form.formState.submitCount}
        isBusy={isSubmitting}
        onPick={goTo}
      />
      {draft.found && (
        <DraftNotice
          draft={draft.found}
          onTake={() => {
            if (draft.found) onDraft?.(draft.found);
            draft.take();
          }}
          onDrop={draft.drop}
        />
      )}
    </>
  );
  return (
    <form
      ref={box}
      onSubmit={submit}
      onPaste={showPasted}
      noValidate
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="relative min-h-0 flex-1 overflow-auto">
        {split > 0 && (
          <div className="mx-auto flex max-w-3xl flex-col gap-8 px-4 py-5 desk:px-8">
            {notices}
            {draw(shown.slice(0, split))}
          </div>
        )}
        {grouped.length > 0 && split > 0 && <div className="py-8">{grids}</div>}
        <div
          className={cx('mx-auto flex max-w-3xl flex-col gap-8 px-4 pb-5 desk:px-8', split === 0 && 'pt-5')}
        >
          {split === 0 && notices}
          {split > 0 && <Computed entity={entity} values={preview.values} currency={currency} />}
          {draw(shown.slice(split))}
          {split === 0 && <Computed entity={entity} values={preview.values} currency={currency} />}
        </div>
        {grouped.length > 0 && split === 0 && <div className="pb-8">{grids}</div>}
      </div>
      {!id && <Alike entity={entity} hits={preview.duplicates} />}
      <div className="shrink-0 border-t border-line">
        <div className="mx-auto flex max-w-3xl justify-end gap-2 px-4 py-2.5 desk:px-8">
          <Button onPress={onCancel}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" isDisabled={isSubmitting}>
            {t('action.save')}
          </Button>
        </div>
      </div>
      <LeaveGuard isDirty={draft.isDirty} onGiveUp={draft.end} />
    </form>
  );
}

function focusField(form: HTMLFormElement | null, key: string) {
  const [name = '', cell] = key.split('#');
  const box = form?.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const find = (place: string) => box?.querySelector<HTMLElement>(place);
  const at = cell && (find(`[data-spot="${cell}"]`) ?? find(`[data-line="${cell.split('.')[0]}"]`));
  if (at) {
    at.scrollIntoView({ block: 'center' });
    at.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, cancelable: true }));
    if (at instanceof HTMLButtonElement) at.focus();
    return;
  }
  box?.querySelector<HTMLElement>('input, textarea, button, [tabindex="0"]')?.focus();
}

interface GroupProps {
  group: FieldGroup;
  form: ReturnType<typeof useForm<Values>>;
  isRequired(field: Field): boolean;
}

function GroupFields({ group, form, isRequired }: GroupProps) {
  const label = useLabel();
  const name = label(group.label);
  return (
    <fieldset className="min-w-0">
      {name && <legend className="mb-3 font-semibold">{name}</legend>}
      <div className="grid grid-cols-1 gap-x-5 gap-y-4 desk:grid-cols-2">
        {group.fields.map((field) => (
          <div
            key={field.key}
            data-field={field.key}
            className={cx('min-w-0', isWide(field) && 'desk:col-span-2')}
          >
            <FormField field={field} form={form} isRequired={isRequired(field)} />
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function isWide(field: Field): boolean {
  return Boolean(typeOf(field).isWide);
}

interface FieldProps {
  field: Field;
  form: GroupProps['form'];
  isRequired: boolean;
}

function FormField({ field, form, isRequired }: FieldProps) {
  const label = useLabel();
  const Editor = editorOf(field);
  if (!Editor) return null;
  return (
    <Controller
      control={form.control}
      name={field.key}
      render={({ field: { value, onChange, onBlur }, fieldState }) => (
        <Editor
          field={field}
          label={label(field.label)}
          help={label(field.help) || undefined}
          isRequired={isRequired}
          value={value ?? null}
          onChange={(next) => {
            onChange(next ?? null);
            for (const key of leadsOf(field)) form.setValue(key, null);
            if (fieldState.error) form.clearErrors(field.key);
          }}
          onBlur={onBlur}
          error={fieldState.error?.message}
          row={form.getValues()}
        />
      )}
    />
  );
}
