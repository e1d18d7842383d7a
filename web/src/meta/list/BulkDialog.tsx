// Asks what to do with many records and says beforehand to how many it will
// happen. Fetched when first opened.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import type { Entity, Ref } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button, buttonClass } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select } from '@/ui/Select';
import { fieldsOf, useLabel } from '../context';
import { canEdit, isEmpty, writeValue } from '../fields';
import { editorOf } from '../fields/editors';
import { RefField } from '../fields/reference/RefField';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';
import type { BulkOp, BulkOrder, Refusal } from './bulk';

interface BulkDialogProps {
  entity: Entity;
  op: BulkOp;
  which: object;
  /** How many are chosen, in words. */
  count: string;
  onRun(order: BulkOrder): void;
  onClose(): void;
}

export default function BulkDialog({ entity, op, which, count, onRun, onClose }: BulkDialogProps) {
  const { t } = useTranslation();
  const [key, setKey] = useState<string | null>(null);
  const [value, setValue] = useState<unknown>(null);
  const [owner, setOwner] = useState<Ref[]>([]);
  const field = fieldsOf(entity).get(key ?? '');
  const order: BulkOrder | undefined =
    op === 'delete'
      ? { op }
      : op === 'transfer'
        ? owner[0]?.id
          ? { op, owner: owner[0].id }
          : undefined
        : field && !(field.required && isEmpty(value))
          ? { op, patch: { [field.key]: writeValue(field, value) } }
          : undefined;
  const preview = useQuery({
    queryKey: ['bulk-preview', entity.name, which, order],
    queryFn: () =>
      post<{ total: number; may: number }>(`records/${entity.name}/bulk/preview`, { ...order, ...which }),
    enabled: order !== undefined,
    staleTime: 0,
    retry: false,
    placeholderData: (old) => old,
  });
  const counted = order && preview.data;
  const foot = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button
        type="submit"
        form="bulk-form"
        look={op === 'delete' ? 'danger' : 'primary'}
        isDisabled={!order || preview.isError || counted?.may === 0}
      >
        {t(`bulk.do.${op}`, { n: counted ? decimalText(counted.may) : count })}
      </Button>
    </>
  );
  return (
    <Dialog title={t(`bulk.title.${op}`, { n: count })} isOpen onClose={onClose} foot={foot}>
      <form
        id="bulk-form"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (order && !preview.isError) onRun(order);
        }}
      >
        {op === 'update' && (
          <FieldChoice
            {...{ entity, field: key, value }}
            onField={(next) => {
              setKey(next);
              setValue(null);
            }}
            onValue={setValue}
          />
        )}
        {op === 'transfer' && (
          <RefField label={t('bulk.owner')} target="org.member" value={owner} onChange={setOwner} />
        )}
        {op === 'delete' && <p className="text-ink-2">{t('bulk.delete_text')}</p>}
        {preview.isError && order && <ProblemNotice error={preview.error} />}
        {counted && !preview.isError && (
          <p role="status" className="figures rounded-md bg-sunken px-3 py-2 text-meta text-ink-2">
            {t('bulk.preview', { n: decimalText(counted.may) })}
            {counted.total > counted.may && (
              <span className="text-danger">
                {' '}
                {t('bulk.preview_not', { n: decimalText(counted.total - counted.may) })}
              </span>
            )}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface FieldChoiceProps {
  entity: Entity;
  field: string | null;
  value: unknown;
  onField(key: string | null): void;
  onValue(value: unknown): void;
}

function FieldChoice({ entity, field: key, value, onField, onValue }: FieldChoiceProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = entity.fields.filter(
    (field) => canEdit(field) && !field.unique && !field.system && field.type !== 'file',
  );
  const field = fields.find((one) => one.key === key);
  const Editor = field && editorOf(field);
  return (
    <>
      <Select
        label={t('bulk.field')}
        items={fields.map((one) => ({ id: one.key, name: label(one.label) }))}
        value={key}
        onChange={onField}
        autoFocus
      />
      {field && Editor && (
        <Editor
          key={field.key}
          field={field}
          label={t('bulk.value')}
          help={field.required ? undefined : t('bulk.value_note')}
          value={value}
          onChange={onValue}
        />
      )}
    </>
  );
}

interface RefusalsProps {
  entity: Entity;
  refusals: Refusal[];
  /** How many there were in all; only the first are kept. */
  all: number;
  onClose(): void;
}

/** The refusals as a table for a spreadsheet, which knows UTF-8 by its mark. */
function tableOf(refusals: Refusal[]): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""').replace(/^[=+\-@\t\r]/, "'$&")}"`;
  const lines = [['id', 'message'], ...refusals.map(({ id, message }) => [id, message])];
  const text = lines.map((line) => line.map(cell).join(',')).join('\r\n');
  return URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: 'text/csv' }));
}

/** The records that were left as they are, and why. */
export function Refusals({ entity, refusals, all, onClose }: RefusalsProps) {
  const { t } = useTranslation();
  const [table, setTable] = useState<string>();
  useEffect(() => {
    const made = tableOf(refusals);
    setTable(made);
    return () => URL.revokeObjectURL(made);
  }, [refusals]);
  return (
    <Dialog
      title={t('bulk.refused_title', { n: decimalText(all) })}
      isOpen
      onClose={onClose}
      width="wide"
      foot={
        <>
          <a href={table} download={`${t('bulk.reasons')}.csv`} className={buttonClass('plain')}>
            <Download size={14} aria-hidden="true" />
            {t('bulk.reasons_save')}
          </a>
          <Button onPress={onClose}>{t('action.close')}</Button>
        </>
      }
    >
      <ul className="flex flex-col">
        {refusals.map(({ id, message }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change
          <li key={i} className="flex items-baseline gap-3 border-b border-line py-1.5 last:border-0">
            <span className="min-w-0 flex-1">{message}</span>
            {id && (
              <Link
                to={paths.record(entity.name, id)}
                className="shrink-0 text-accent-ink underline underline-offset-3"
              >
                {t('bulk.open')}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {all > refusals.length && <p className="mt-2 text-meta text-ink-3">{t('bulk.refused_more')}</p>}
    </Dialog>
  );
}
