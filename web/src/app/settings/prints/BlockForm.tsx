import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity, PrintBlock, PrintItem } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';
import { Button, IconButton } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Checkbox } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { type BlockKind, type Insertable, insertables, moved, partsOfKind } from './prints';
import { Template } from './Template';

interface FormProps {
  entity: Entity;
  block: PrintBlock;
  /** Where the block stands, for what the server says of it: "blocks.2.". */
  at: string;
  errors: Record<string, string>;
  onChange(block: PrintBlock): void;
}

const facts = [
  '@company.name',
  '@company.address',
  '@company.phone',
  '@company.tax_number',
  '@today',
  '@now',
];
const banks = ['@member', '@bank.bank', '@bank.number', '@page', '@pages', '@no'];

/** What can be said of one block. */
export function BlockForm({ entity, block, at, errors, onChange }: FormProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const has = (part: keyof PrintBlock) => partsOfKind[block.kind as BlockKind]?.includes(part) ?? false;
  const set = (more: Partial<PrintBlock>) => onChange({ ...block, ...more });
  const beside = [...facts, ...banks].map((id) => ({
    id,
    name: t(`settings.prints.fact_${id.slice(1).replace('.', '_')}`),
  }));
  const own = [...insertables(entity.fields, entities, label), ...beside];
  const lines = entities[entity.lines.find((one) => one.key === block.lines)?.entity ?? ''];
  const offered =
    block.kind === 'table' ? [...insertables(lines?.fields ?? [], entities, label), ...beside] : own;
  const texts = (part: 'heading' | 'text', rows: number) =>
    (['zh-CN', 'en'] as const).map((locale) => (
      <Template
        key={part + locale}
        label={t(`settings.prints.${part}_${locale === 'en' ? 'en' : 'zh'}`)}
        lines={rows}
        value={block[part]?.[locale] ?? ''}
        onChange={(value) => set({ [part]: { ...block[part], [locale]: value } })}
        offered={own}
        error={errors[at + part]}
      />
    ));
  const number = (part: 'size' | 'columns' | 'width' | 'height') => (
    <TextField
      label={t(`settings.prints.${part}`)}
      inputMode="numeric"
      value={block[part] ? String(block[part]) : ''}
      onChange={(value) => set({ [part]: Number(value.replace(/\D/g, '')) || undefined })}
      error={errors[at + part]}
    />
  );
  const tick = (part: 'logo' | 'seal' | 'grid' | 'full' | 'bold') => (
    <Checkbox
      label={t(`settings.prints.${part}`)}
      isSelected={block[part] ?? false}
      onChange={(isOn) => set({ [part]: isOn || undefined })}
    />
  );
  return (
    <div className="flex flex-col gap-4">
      {has('heading') && texts('heading', 1)}
      {has('text') && texts('text', block.kind === 'title' ? 1 : 4)}
      {has('lines') && (
        <Select
          label={t('settings.prints.lines')}
          items={entity.lines.map((one) => ({ id: one.key, name: label(one.label) }))}
          value={block.lines ?? null}
          onChange={(key) => set({ lines: key ?? '', group: undefined })}
          error={errors[`${at}lines`]}
        />
      )}
      {has('bank') && (
        <Select
          label={t('settings.prints.bank')}
          items={['default', 'currency', 'all'].map((id) => ({ id, name: t(`settings.prints.bank_${id}`) }))}
          value={block.bank || 'default'}
          onChange={(key) => set({ bank: key === 'default' ? undefined : (key ?? undefined) })}
        />
      )}
      {has('align') && (
        <Segmented
          label={t('settings.prints.align')}
          items={(['left', 'center', 'right'] as const).map((id) => ({
            id,
            name: t(`settings.prints.align_${id}`),
          }))}
          value={
            (block.align ||
              (block.kind === 'title' ? 'center' : block.kind === 'totals' ? 'right' : 'left')) as 'left'
          }
          onChange={(align) => set({ align })}
        />
      )}
      {has('tone') && (
        <Select
          label={t('settings.prints.tone')}
          items={['default', 'muted', 'accent'].map((id) => ({ id, name: t(`settings.prints.tone_${id}`) }))}
          value={block.tone || 'default'}
          onChange={(key) => set({ tone: key === 'default' ? undefined : (key ?? undefined) })}
        />
      )}
      <div className="grid grid-cols-2 gap-3 empty:hidden">
        {has('size') && number('size')}
        {has('columns') && number('columns')}
        {has('width') && number('width')}
        {has('height') && number('height')}
      </div>
      <div className="flex flex-wrap gap-x-5 gap-y-2 empty:hidden">
        {has('logo') && tick('logo')}
        {has('seal') && tick('seal')}
        {has('grid') && tick('grid')}
        {has('full') && tick('full')}
        {has('bold') && tick('bold')}
      </div>
      {has('items') && (
        <Items
          kind={block.kind}
          items={block.items ?? []}
          onChange={(items) => set({ items })}
          {...{ offered, errors, at }}
        />
      )}
      {partsOfKind[block.kind as BlockKind]?.length === 0 && (
        <p className="text-ink-3">{t('settings.prints.nothing')}</p>
      )}
    </div>
  );
}

interface ItemsProps {
  kind: string;
  items: PrintItem[];
  onChange(items: PrintItem[]): void;
  offered: readonly Insertable[];
  errors: Record<string, string>;
  at: string;
}

/** Facts, columns, totals or parties, one below another. */
function Items({ kind, items, onChange, offered, errors, at }: ItemsProps) {
  const { t } = useTranslation();
  const set = (n: number, more: Partial<PrintItem>) =>
    onChange(items.map((item, i) => (i === n ? { ...item, ...more } : item)));
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium">{t(`settings.prints.items_${kind}`)}</legend>
      {items.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is known by its place alone
        <div key={n} className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-2.5">
          <div className="flex items-center gap-1">
            <span className="figures min-w-0 flex-1 text-meta text-ink-3">{n + 1}</span>
            {n > 0 && (
              <Button look="quiet" onPress={() => onChange(moved(items, n, n - 1))}>
                {t('settings.order.up')}
              </Button>
            )}
            <IconButton
              label={t('settings.prints.drop', { n: n + 1 })}
              onPress={() => onChange(items.filter((_, i) => i !== n))}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          </div>
          <Template
            label={t('settings.prints.value')}
            value={item.value}
            lines={kind === 'signature' ? 3 : 1}
            onChange={(value) => set(n, { value })}
            offered={offered}
            error={errors[`${at}items.${n}.value`]}
          />
          <div className="grid grid-cols-2 gap-2">
            {(['zh-CN', 'en'] as const).map((locale) => (
              <TextField
                key={locale}
                label={t(`settings.prints.label_${locale === 'en' ? 'en' : 'zh'}`)}
                value={item.label?.[locale] ?? ''}
                onChange={(value) => set(n, { label: { ...item.label, [locale]: value } })}
                error={errors[`${at}items.${n}.label`]}
              />
            ))}
          </div>
          {kind === 'table' && (
            <div className="flex flex-wrap items-end gap-3">
              <div className="w-20">
                <TextField
                  label={t('settings.prints.share')}
                  inputMode="numeric"
                  value={item.width ? String(item.width) : ''}
                  onChange={(value) => set(n, { width: Number(value.replace(/\D/g, '')) || undefined })}
                  error={errors[`${at}items.${n}.width`]}
                />
              </div>
              <Checkbox
                label={t('settings.prints.sum')}
                isSelected={item.sum ?? false}
                onChange={(isOn) => set(n, { sum: isOn || undefined })}
              />
            </div>
          )}
          {kind === 'totals' && (
            <Checkbox
              label={t('settings.prints.bold')}
              isSelected={item.bold ?? false}
              onChange={(isOn) => set(n, { bold: isOn || undefined })}
            />
          )}
        </div>
      ))}
      <Button className="self-start" onPress={() => onChange([...items, { value: '' }])}>
        <Plus size={14} aria-hidden="true" />
        {t('settings.prints.add_item')}
      </Button>
    </fieldset>
  );
}
