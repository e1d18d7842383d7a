// What a report asks for, as a small form; what is chosen stands in the address.
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Field, Report } from '@/api/types';
import { type Condition, holds } from '../condition';
import { useLabel, useMeta } from '../context';
import { recordQuery } from '../data';
import { editorOf } from '../fields/editors';
import { addressOf, inputOf } from './report';

export type Search = Record<string, string | undefined>;

interface InputProps {
  report: Report;
  search: Search;
  onChange(next: Search): void;
}

const targetOf = (field: Field) =>
  field.type === 'member'
    ? 'org.member'
    : field.type === 'department'
      ? 'org.department'
      : field.type === 'reference'
        ? field.settings?.target
        : undefined;

/** The names of the records in the address: it has their ids only. */
function useRefs(report: Report, search: Search) {
  const { entities } = useMeta();
  const wanted = report.input.flatMap((field) => {
    const target = targetOf(field);
    const id = search[field.key];
    return target && id && entities[target] ? [{ key: field.key, target, id }] : [];
  });
  const found = useQueries({ queries: wanted.map(({ target, id }) => recordQuery(target, id)) });
  return new Map(
    wanted.map(({ key, target, id }, n) => {
      const title = found[n]?.data?.[entities[target]?.title ?? ''];
      return [key, { id, label: title === undefined ? '…' : String(title) }];
    }),
  );
}

export function ReportInput({ report, search, onChange }: InputProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const refs = useRefs(report, search);
  const given = inputOf(report, search);
  const fields = new Map(report.input.map((field) => [field.key, field]));
  const now: Record<string, unknown> = { ...given };
  for (const field of report.input) now[field.key] ??= field.default ?? null;
  const shown = report.input.filter(
    (field) => !field.visible_when || holds(field.visible_when as Condition, fields, now),
  );
  if (shown.length === 0) return null;
  return (
    <div className="flex flex-wrap items-end gap-3 max-desk:grid max-desk:grid-cols-2 print:hidden">
      {shown.map((field) => {
        const Editor = editorOf(field);
        return (
          Editor && (
            <div key={field.key} className={field.type === 'switch' ? 'pb-1' : 'min-w-0 desk:w-44'}>
              <Editor
                field={{ ...field, required: field.default != null }}
                label={label(field.label)}
                placeholder={t('report.any')}
                value={refs.get(field.key) ?? now[field.key] ?? null}
                onChange={(value) => onChange({ ...search, [field.key]: addressOf(value) })}
              />
            </div>
          )
        );
      })}
    </div>
  );
}
