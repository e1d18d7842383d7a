import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '@/lib/dates';
import { parseInteger } from '@/lib/digits';
import { useFormats, useLabel, useMeta } from '@/meta/context';
import { FigureField } from '@/meta/fields/number/FigureField';
import { MultiSelect } from '@/ui/MultiSelect';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { type Definition, type Numbering as NumberForm, numberExample } from './definition';

interface TypeSettingsProps {
  entity: Definition;
  type: string;
  settings: Record<string, unknown>;
  onChange(settings: Record<string, unknown>): void;
  isNew: boolean;
  error?: string;
}

const canBeMany = new Set(['choice', 'tree_choice', 'reference', 'member', 'department', 'phone']);
const canBeBounded = new Set(['number', 'decimal', 'money', 'percent']);
const results = ['text', 'number', 'decimal', 'money', 'percent', 'date', 'switch'];

/** The settings that a field's type asks for. */
export function TypeSettings({ entity, type, settings, onChange, isNew, error }: TypeSettingsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const put = (name: string, value: unknown) => {
    const next = { ...settings, [name]: value };
    if (value === null || value === '' || value === false) delete next[name];
    onChange(next);
  };
  const text = (name: string) => (typeof settings[name] === 'string' ? (settings[name] as string) : '');
  const all = Object.values(entities).map((one) => ({ id: one.name, name: label(one.label) }));
  const parts: ReactNode[] = [];
  if (type === 'text' || type === 'long_text')
    parts.push(
      <FigureField
        key="max"
        label={t('settings.customize.max')}
        value={settings.max}
        onChange={(value) => put('max', value)}
        parse={parseInteger}
      />,
    );
  if (canBeBounded.has(type))
    parts.push(
      <TextField
        key="low"
        label={t('settings.customize.low')}
        value={text('low')}
        onChange={(value) => put('low', value)}
        figures
      />,
      <TextField
        key="high"
        label={t('settings.customize.high')}
        value={text('high')}
        onChange={(value) => put('high', value)}
        figures
      />,
    );
  if (type === 'decimal' || type === 'percent')
    parts.push(
      <FigureField
        key="digits"
        label={t('settings.customize.digits')}
        value={settings.digits}
        onChange={(value) => put('digits', value)}
        parse={parseInteger}
      />,
    );
  if (type === 'reference')
    parts.push(
      <Select
        key="target"
        label={t('settings.customize.target')}
        items={all}
        value={text('target') || null}
        onChange={(value) => put('target', value)}
        isDisabled={!isNew}
        error={error}
      />,
    );
  if (type === 'any_ref')
    parts.push(
      <MultiSelect
        key="targets"
        label={t('settings.customize.target')}
        items={all}
        value={(settings.targets as string[] | undefined) ?? []}
        onChange={(value) => put('targets', value)}
        error={error}
      />,
    );
  if (type === 'region')
    parts.push(
      <Select
        key="level"
        label={t('settings.customize.level')}
        items={['1', '2', '3'].map((id) => ({ id, name: t(`settings.customize.level_${id}`) }))}
        value={String(settings.level ?? 3)}
        onChange={(value) => put('level', Number(value ?? 3))}
      />,
    );
  if (type === 'auto_number')
    parts.push(<Numbering key="number" settings={settings} put={put} error={error} />);
  if (type === 'formula')
    parts.push(
      <div key="formula" className="desk:col-span-2">
        <TextField
          label={t('settings.customize.formula')}
          help={t('settings.customize.formula_help')}
          value={text('formula')}
          onChange={(value) => put('formula', value)}
          error={error}
          lines={2}
        />
      </div>,
      <Select
        key="result"
        label={t('settings.customize.result')}
        items={results.map((id) => ({ id, name: t(`type.${id}`) }))}
        value={text('result') || null}
        onChange={(value) => put('result', value)}
      />,
    );
  if (type === 'rollup')
    parts.push(<Rollup key="rollup" entity={entity} settings={settings} put={put} error={error} />);
  if (canBeMany.has(type) && isNew)
    parts.push(
      <Switch
        key="many"
        label={t('settings.customize.many')}
        isSelected={settings.many === true}
        onChange={(value) => put('many', value)}
      />,
    );
  if (parts.length === 0) return null;
  return <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">{parts}</div>;
}

interface PartProps {
  settings: Record<string, unknown>;
  put(name: string, value: unknown): void;
}

function Numbering({ settings, put, error }: PartProps & { error?: string }) {
  const { t } = useTranslation();
  const number = (settings.number ?? {}) as Record<string, unknown>;
  // Nothing is said in so many words: what was said before would stay otherwise.
  const set = (name: string, value: unknown) => put('number', { ...number, [name]: value ?? '' });
  const { zone } = useFormats();
  const prefix = (number.prefix as string | undefined) ?? '';
  const digits = Number(number.digits || 4);
  const isLong = new TextEncoder().encode(prefix).length > 32;
  const isOff = digits < 1 || digits > 12;
  return (
    <>
      <TextField
        label={t('settings.customize.prefix')}
        value={prefix}
        onChange={(value) => set('prefix', value)}
        error={isLong ? t('settings.customize.prefix_long') : undefined}
      />
      <Select
        label={t('settings.customize.date_part')}
        items={['YYYY', 'YYYYMM', 'YYYYMMDD'].map((id) => ({ id, name: id }))}
        value={(number.date as string | undefined) || null}
        onChange={(value) => set('date', value)}
        canClear
      />
      <FigureField
        label={t('settings.customize.number_digits')}
        value={number.digits ?? 4}
        onChange={(value) => set('digits', value)}
        parse={parseInteger}
        error={isOff ? t('settings.customize.digits_off') : undefined}
      />
      <Select
        label={t('settings.customize.reset')}
        items={['never', 'year', 'month', 'day'].map((id) => ({
          id,
          name: t(`settings.customize.reset_${id}`),
        }))}
        value={(number.reset as string | undefined) || 'never'}
        onChange={(value) => set('reset', value)}
        error={isLong || isOff ? undefined : error}
      />
      <p className="wrap-anywhere text-ink-2 desk:col-span-2">
        {t('settings.customize.number_example', { number: numberExample(number as NumberForm, today(zone)) })}
      </p>
    </>
  );
}

function Rollup({ entity, settings, put, error }: PartProps & { entity: Definition; error?: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const rollup = (settings.rollup ?? {}) as Record<string, string | undefined>;
  const set = (part: Record<string, string | undefined>) => put('rollup', { ...rollup, ...part });
  const ways = Object.values(entities).flatMap((from) =>
    from.fields
      .filter((field) => field.type === 'reference' && field.settings.target === entity.name)
      .map((field) => ({
        id: `${from.name} ${field.key}`,
        name: `${label(from.label)} · ${label(field.label)}`,
      })),
  );
  const from = rollup.entity ? entities[rollup.entity] : undefined;
  return (
    <>
      <Select
        label={t('settings.customize.rollup_from')}
        items={ways}
        value={rollup.entity ? `${rollup.entity} ${rollup.via}` : null}
        onChange={(value) => {
          const [name, via] = (value ?? '').split(' ');
          set({ entity: name, via });
        }}
        error={error}
      />
      <Select
        label={t('settings.customize.rollup_op')}
        items={['count', 'sum', 'min', 'max', 'last'].map((id) => ({
          id,
          name: t(`settings.customize.rollup_${id}`),
        }))}
        value={rollup.op ?? null}
        onChange={(value) => set({ op: value ?? undefined })}
      />
      {rollup.op && rollup.op !== 'count' && (
        <Select
          label={t('settings.customize.rollup_field')}
          items={(from?.fields ?? []).map((field) => ({ id: field.key, name: label(field.label) }))}
          value={rollup.field ?? null}
          onChange={(value) => set({ field: value ?? undefined })}
        />
      )}
    </>
  );
}
