import { useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Field, Row } from '@/api/types';
import { agoText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useContexts, useFormats, useLabel } from '../context';
import { useRegionName } from '../data';
import { valueText } from '../fields';
import { refs } from '../fields/reference';
import { ProblemNotice } from '../ProblemNotice';
import type { Values } from './validate';

export interface Conflict {
  /** Fields that both sides changed, differently. */
  fields: Field[];
  /** The form as it stands. */
  mine: Values;
  /** What both started from. */
  base: Values;
  /** The record as it is stored now. */
  current: Row;
  /** What would be sent. */
  patch: Values;
}

interface ConflictProps {
  conflict: Conflict;
  onClose(): void;
  onSave(patch: Values): Promise<void>;
}

/** Somebody else saved meanwhile: both values of each field, one to be chosen. */
export default function ConflictDialog({ conflict, onClose, onSave }: ConflictProps) {
  const { t } = useTranslation();
  const { fields, mine, base, current, patch } = conflict;
  const formats = useFormats();
  const who = refs(current.updated_by)[0]?.label;
  const when =
    typeof current.updated_at === 'string'
      ? agoText(current.updated_at, formats.locale) || t('timeline.just_now')
      : '';
  const [isSaving, setSaving] = useState(false);
  const [keep, setKeep] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<unknown>(null);

  async function save() {
    setSaving(true);
    setFailed(null);
    const theirs = fields.filter((field) => keep[field.key] === 'theirs').map((field) => field.key);
    const chosen = Object.fromEntries(Object.entries(patch).filter(([key]) => !theirs.includes(key)));
    try {
      await onSave(chosen);
    } catch (error) {
      setFailed(error);
    }
    setSaving(false);
  }

  const foot = (
    <>
      <Button onPress={onClose}>{t('conflict.back')}</Button>
      <Button look="primary" isDisabled={isSaving} onPress={save}>
        {t('action.save')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('conflict.title')} isOpen onClose={onClose} foot={foot} width="wide">
      <p className="mb-3 text-ink-2">{who ? t('conflict.text_by', { who, when }) : t('conflict.text')}</p>
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="flex flex-col gap-4">
        {fields.map((field) => (
          <Sides
            key={field.key}
            field={field}
            mine={mine}
            base={base}
            current={current}
            value={keep[field.key] ?? 'mine'}
            onChange={(side) => setKeep((old) => ({ ...old, [field.key]: side }))}
          />
        ))}
      </div>
    </Dialog>
  );
}

interface SidesProps {
  field: Field;
  mine: Values;
  base: Values;
  current: Row;
  value: string;
  onChange(side: string): void;
}

function Sides({ field, mine, base, current, value, onChange }: SidesProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const contexts = useContexts(useRegionName(field.type === 'region'));
  const sides = [
    { id: 'mine', name: t('conflict.mine'), row: mine },
    { id: 'theirs', name: t('conflict.theirs'), row: current as Values },
  ];
  const before = valueText(base[field.key], { ...contexts, field, row: base });
  return (
    <RadioGroup aria-label={label(field.label)} value={value} onChange={onChange}>
      <p className="mb-1 flex flex-wrap gap-x-3 text-meta text-ink-3">
        <span className="font-medium text-ink-2">{label(field.label)}</span>
        <span className="min-w-0 truncate">
          {t('conflict.before', { value: before || t('field.empty') })}
        </span>
      </p>
      <div className="grid grid-cols-1 gap-2 desk:grid-cols-2">
        {sides.map(({ id, name, row }) => (
          <Radio
            key={id}
            value={id}
            className="flex flex-col rounded-md border border-line-strong px-3 py-2 outline-none selected:border-accent-ink selected:bg-accent-wash data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent-ink"
          >
            <span className="text-meta text-ink-3">{name}</span>
            <span className="break-words whitespace-pre-wrap">
              {valueText(row[field.key], { ...contexts, field, row }) || t('field.empty')}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
