import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, FileRef, ImportPreview } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { MultiSelect } from '@/ui/MultiSelect';
import { type Choice, Select } from '@/ui/Select';
import { useLabel } from '../context';
import { canEdit } from '../fields';
import { Notes } from './Notes';

export interface ImportPlan {
  map: Record<string, string>;
  key: string[];
  on_match: string;
  dry_run: boolean;
  sheet?: string;
  encoding?: string;
}

interface MappingProps {
  entity: Entity;
  file: FileRef;
  preview: ImportPreview;
  sheet?: string;
  busy: boolean;
  onSheet(sheet: string): void;
  onBack(): void;
  onRun(plan: ImportPlan): void;
}

/** Which column goes into which field, shown beside what the file holds. */
export function MappingStep({ entity, file, preview, sheet, busy, onSheet, onBack, onRun }: MappingProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [map, setMap] = useState(preview.map);
  const [key, setKey] = useState<string[]>([]);
  const [onMatch, setOnMatch] = useState('update');
  const fields: Choice[] = entity.fields
    .filter((field) => canEdit(field) || field.key === 'external_id' || field.key === 'source_created_at')
    .map((field) => ({ id: field.key, name: label(field.label) }));
  const mapped = new Set(Object.values(map));
  const { sheets } = preview;
  const plan = (dry: boolean): ImportPlan => ({
    map,
    key,
    on_match: onMatch,
    dry_run: dry,
    sheet: sheet || preview.sheet || undefined,
    encoding: preview.encoding || undefined,
  });
  const nothing = mapped.size === 0;
  return (
    <>
      <p className="text-ink-2">
        <span className="font-medium text-ink">{file.name}</span>
        {' · '}
        {t('import.rows', { count: preview.rows, rows: decimalText(preview.rows) })}
        {preview.encoding ? ` · ${preview.encoding}` : ''}
      </p>
      {sheets.length > 1 && (
        <Select
          label={t('import.sheet')}
          items={sheets.map((name) => ({ id: name, name }))}
          value={sheet || preview.sheet || null}
          onChange={(name) => name && onSheet(name)}
        />
      )}
      <Notes notes={preview.notes} />
      <Columns preview={preview} map={map} fields={fields} onChange={setMap} />
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <MultiSelect
          label={t('import.key')}
          help={t('import.key_help')}
          items={fields.filter((field) => mapped.has(field.id))}
          value={key}
          onChange={setKey}
        />
        <Select
          label={t('import.on_match')}
          items={[
            { id: 'update', name: t('import.update') },
            { id: 'skip', name: t('import.skip') },
          ]}
          value={onMatch}
          onChange={(chosen) => setOnMatch(chosen ?? 'update')}
        />
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line pt-4">
        <Button onPress={onBack} className="mr-auto">
          {t('action.back')}
        </Button>
        <Button onPress={() => onRun(plan(true))} isDisabled={busy || nothing}>
          {t('import.try')}
        </Button>
        <Button look="primary" onPress={() => onRun(plan(false))} isDisabled={busy || nothing}>
          {t('import.run')}
        </Button>
      </div>
    </>
  );
}

interface ColumnsProps {
  preview: ImportPreview;
  map: Record<string, string>;
  fields: Choice[];
  onChange(map: Record<string, string>): void;
}

function Columns({ preview, map, fields, onChange }: ColumnsProps) {
  const { t } = useTranslation();
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="border-b border-line text-left text-meta text-ink-3">
          <th className="py-1.5 pr-3 font-medium">{t('import.column')}</th>
          <th className="py-1.5 pr-3 font-medium max-desk:hidden">{t('import.sample')}</th>
          <th className="w-1/2 py-1.5 font-medium desk:w-56">{t('import.field')}</th>
        </tr>
      </thead>
      <tbody>
        {preview.header.map((header, i) => (
          <tr key={header} className="border-b border-line">
            <td className="max-w-40 truncate py-1.5 pr-3 font-medium">{header}</td>
            <td className="max-w-56 truncate py-1.5 pr-3 text-ink-2 max-desk:hidden">
              {preview.sample
                .map((row) => row[i])
                .filter(Boolean)
                .slice(0, 3)
                .join(t('list.separator'))}
            </td>
            <td className="py-1.5">
              <Select
                label={t('import.field_for', { column: header })}
                hideLabel
                placeholder={t('import.leave_out')}
                items={fields}
                value={map[header] ?? null}
                onChange={(field) => {
                  const { [header]: _, ...rest } = map;
                  onChange(field ? { ...rest, [header]: field } : rest);
                }}
                canClear
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
