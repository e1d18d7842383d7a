import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { send } from '@/api/client';
import type { Entity, FileRef, ImportPreview } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { MultiSelect } from '@/ui/MultiSelect';
import { type Choice, Select } from '@/ui/Select';
import { BecomeTable } from './BecomeTable';
import { Fixed } from './Fixed';
import { Notes } from './Notes';
import { Recognised } from './Recognised';
import { useTargets } from './targets';
import { Unknowns } from './Unknowns';

export type Given = Record<string, Record<string, string>>;

export interface ImportPlan {
  map: Record<string, string>;
  given: Given;
  key: string[];
  on_match: string;
  dry_run: boolean;
  sheet?: string;
  encoding?: string;
  null?: string;
}

interface MappingProps {
  entity: Entity;
  file: FileRef;
  /** The file as it was found, and how such a file was mapped the last time. */
  preview: ImportPreview;
  sheet?: string;
  /** What was chosen before, when somebody comes back from a dry run. */
  plan?: ImportPlan;
  busy: boolean;
  onSheet(sheet: string): void;
  onBack(): void;
  onRun(plan: ImportPlan): void;
}

/** Which column goes into which field, what unknown values mean, and how the first rows come out. */
export function MappingStep(props: MappingProps) {
  const { entity, file, preview, sheet, busy, onSheet, onBack, onRun } = props;
  const { t } = useTranslation();
  const [map, setMap] = useState(props.plan?.map ?? preview.map);
  const [given, setGiven] = useState<Given>(props.plan?.given ?? preview.given);
  const [key, setKey] = useState<string[]>(props.plan?.key ?? preview.key);
  const [onMatch, setOnMatch] = useState(props.plan?.on_match || preview.on_match || 'update');
  const plan = (dry: boolean): ImportPlan => ({
    map,
    given,
    key,
    on_match: onMatch,
    dry_run: dry,
    sheet: sheet || preview.sheet || undefined,
    encoding: preview.encoding || undefined,
    null: preview.null || undefined,
  });
  const look = useLook(entity, file, preview, plan(true));
  const targets = useTargets(entity);
  const fields: Choice[] = [...targets.values()].map((one) => ({ id: one.path, name: one.name }));
  const mapped = new Set(Object.values(map));
  const { sheets } = preview;
  const isEmpty = mapped.size === 0;
  // Rows that would be refused are in sight: what it would do is worth a look first.
  const doubtful =
    look.unknown.some((one) => given[one.field]?.[one.value] === undefined) ||
    look.become.some((row) => row.errors.length > 0);
  return (
    <>
      <p className="text-ink-2">
        <span className="font-medium text-ink">{file.name}</span>
        {' · '}
        {t('import.rows', { count: preview.rows, rows: decimalText(preview.rows) })}
        {preview.encoding ? ` · ${preview.encoding.toUpperCase()}` : ''}
      </p>
      <Recognised entity={entity} preview={preview} />
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
      <Fixed targets={targets} map={map} onChange={setMap} />
      <Unknowns entity={entity} unknown={unknownOf(look.unknown, given)} given={given} onChange={setGiven} />
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <MultiSelect
          label={t('import.key')}
          help={t([...mapped].some((path) => path.includes('.')) ? 'import.key_lines' : 'import.key_help')}
          items={fields.filter((field) => mapped.has(field.id) && !field.id.includes('.'))}
          value={key.filter((one) => mapped.has(one))}
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
      <BecomeTable
        rows={look.become}
        fields={[...new Set(preview.header.flatMap((header) => map[header] ?? []))]}
        targets={targets}
      />
      <div className="sticky bottom-0 -mx-4 flex flex-wrap justify-end gap-2 border-t border-line bg-panel px-4 py-3 desk:-mx-8 desk:px-8">
        <Button onPress={onBack} className="mr-auto">
          {t('action.back')}
        </Button>
        <Button
          look={doubtful ? 'primary' : 'plain'}
          onPress={() => onRun(plan(true))}
          isDisabled={busy || isEmpty}
        >
          {t('import.try')}
        </Button>
        <Button
          look={doubtful ? 'plain' : 'primary'}
          onPress={() => onRun(plan(false))}
          isDisabled={busy || isEmpty}
        >
          {t('import.run')}
        </Button>
      </div>
    </>
  );
}

/** What was told already stays in the list, so that it can be told otherwise. */
function unknownOf(unknown: ImportPreview['unknown'], given: Given): ImportPreview['unknown'] {
  const told = Object.entries(given).flatMap(([field, texts]) =>
    Object.keys(texts).map((value) => ({ field, value, rows: 0 })),
  );
  return [
    ...unknown,
    ...told.filter((one) => !unknown.some((x) => x.field === one.field && x.value === one.value)),
  ];
}

/** The file as it would come in by the plan; the last answer stays until the next is there. */
function useLook(entity: Entity, file: FileRef, preview: ImportPreview, plan: ImportPlan): ImportPreview {
  const { map, given, sheet, encoding, null: empty } = plan;
  const { data } = useQuery({
    queryKey: ['import', entity.name, file.id, sheet, map, given, empty],
    queryFn: ({ signal }) =>
      send<ImportPreview>(`import/${entity.name}/preview`, {
        method: 'POST',
        json: { file: file.id, map, given, sheet, encoding, null: empty },
        signal,
      }),
    placeholderData: (old) => old,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return data ?? preview;
}

interface ColumnsProps {
  preview: ImportPreview;
  map: Record<string, string>;
  fields: Choice[];
  onChange(map: Record<string, string>): void;
}

function Columns({ preview, map, fields, onChange }: ColumnsProps) {
  const { t } = useTranslation();
  const sample = (column: number) =>
    preview.sample
      .map((row) => row[column])
      .filter(Boolean)
      .slice(0, 3)
      .join(t('list.separator'));
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
            <td className="max-w-40 truncate py-1.5 pr-3 font-medium">
              {header}
              <span className="block truncate text-meta font-normal text-ink-3 desk:hidden">{sample(i)}</span>
            </td>
            <td className="max-w-56 truncate py-1.5 pr-3 text-ink-2 max-desk:hidden">{sample(i)}</td>
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
