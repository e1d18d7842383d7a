import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import type { Entity, FieldSettings } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { metaQuery } from '../session';
import { useSaving } from './useSaving';

/** The types that an administrator can make fields of, the usual ones first. */
const types = [
  'text',
  'long_text',
  'number',
  'decimal',
  'money',
  'percent',
  'date',
  'instant',
  'time',
  'switch',
  'choice',
  'reference',
  'member',
  'department',
  'region',
  'phone',
  'email',
  'url',
  'file',
];

const canBeMany = new Set(['choice', 'reference', 'member', 'department', 'phone']);

/** One option a line: "code 名称", or the name alone, which then makes the code. */
export function parseOptions(text: string): FieldSettings['options'] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line, i) => {
      const match = /^([a-z][a-z0-9_]{0,39})\s+(.+)$/.exec(line);
      const [code, name] = match ? [match[1] ?? '', match[2] ?? ''] : [`option_${i + 1}`, line];
      return { code, label: { 'zh-CN': name, en: name }, active: true, parent: null };
    });
}

export function NewField({ entity, onClose }: { entity: Entity; onClose(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const { entities } = useMeta();
  const { busy, failed, errors, save } = useSaving();
  const [zh, setZh] = useState('');
  const [en, setEn] = useState('');
  const [key, setKey] = useState('');
  const [type, setType] = useState<string>('text');
  const [options, setOptions] = useState('');
  const [target, setTarget] = useState<string | null>(null);
  const [many, setMany] = useState(false);
  const [required, setRequired] = useState(false);
  const ready =
    /^[a-z][a-z0-9_]{0,39}$/.test(key) &&
    zh.trim() !== '' &&
    (type !== 'choice' || options.trim() !== '') &&
    (type !== 'reference' || target !== null);

  async function make() {
    const settings: FieldSettings = {};
    if (many && canBeMany.has(type)) settings.many = true;
    if (type === 'choice') settings.options = parseOptions(options);
    if (type === 'reference' && target) settings.target = target;
    const body = { key, type, label: { 'zh-CN': zh, en: en || zh }, settings, required };
    const done = await save(async () => {
      await post(`customize/entities/${entity.name}/fields`, body);
      await client.invalidateQueries({ queryKey: metaQuery.queryKey });
    });
    if (done) onClose();
  }

  return (
    <Dialog
      title={t('settings.customize.new_field')}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button look="primary" onPress={make} isDisabled={!ready || busy}>
            {t('action.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failed !== null && <ProblemNotice error={failed} />}
        <TextField
          label={t('settings.customize.label_zh')}
          value={zh}
          onChange={setZh}
          isRequired
          autoFocus
        />
        <TextField label={t('settings.customize.label_en')} value={en} onChange={setEn} />
        <TextField
          label={t('settings.customize.key')}
          help={t('settings.customize.name_help')}
          value={key}
          onChange={(typed) => setKey(typed.toLowerCase())}
          error={errors.key}
          isRequired
        />
        <Select
          label={t('settings.customize.type')}
          items={types.map((id) => ({ id, name: t(`type.${id}`) }))}
          value={type}
          onChange={(next) => setType(next ?? 'text')}
        />
        {type === 'choice' && (
          <TextField
            label={t('settings.customize.options')}
            help={t('settings.customize.options_help')}
            lines={4}
            value={options}
            onChange={setOptions}
          />
        )}
        {type === 'reference' && (
          <Select
            label={t('settings.customize.target')}
            items={Object.values(entities).map((one) => ({ id: one.name, name: label(one.label) }))}
            value={target}
            onChange={setTarget}
          />
        )}
        <div className="flex gap-8">
          <Switch label={t('settings.customize.required')} isSelected={required} onChange={setRequired} />
          {canBeMany.has(type) && (
            <Switch label={t('settings.customize.many')} isSelected={many} onChange={setMany} />
          )}
        </div>
      </div>
    </Dialog>
  );
}
