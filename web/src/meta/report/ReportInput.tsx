// What a report asks for, as a small form; what is chosen stands in the address.
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Field, Report } from '@/api/types';
import { instantText } from '@/lib/format';
import { cx } from '@/ui/cx';
import { type Condition, holds } from '../condition';
import { useContexts, useFormats, useLabel, useMeta } from '../context';
import { recordQuery, useRegionName } from '../data';
import { valueText } from '../fields';
import { editorOf } from '../fields/editors';
import { addressOf, inputOf } from './report';

export type Search = Record<string, string | undefined>;

interface InputProps {
  report: Report;
  search: Search;
  /** What is wrong with what was given, by field. */
  errors?: Record<string, string>;
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

/** What is asked for: the inputs that are shown, and their values with the names of records. */
function useAsked(report: Report, search: Search) {
  const refs = useRefs(report, search);
  const now: Record<string, unknown> = { ...inputOf(report, search) };
  for (const field of report.input) now[field.key] ??= field.default ?? null;
  const fields = new Map(report.input.map((field) => [field.key, field]));
  const shown = report.input.filter(
    (field) => !field.visible_when || holds(field.visible_when as Condition, fields, now),
  );
  return { shown, given: (field: Field) => refs.get(field.key) ?? now[field.key] ?? null };
}

/** What stands above a report on paper: whose it is, what was asked, and when. */
export function ReportHead({ report, search, at }: { report: Report; search: Search; at: number }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { company } = useMeta();
  const contexts = useContexts(useRegionName(false));
  const { shown, given } = useAsked(report, search);
  const asked = shown.flatMap((field) => {
    const text = valueText(given(field), { ...contexts, field });
    return text ? [`${label(field.label)} ${text}`] : [];
  });
  return (
    <header className="hidden print:block">
      <div className="flex justify-between gap-4 border-b border-line pb-1 text-meta text-ink-2">
        <span>{company.name}</span>
        <span>{t('report.as_of', { time: instantText(new Date(at).toISOString(), contexts) })}</span>
      </div>
      <h1 className="mt-3 text-[16pt]/[22pt]">{label(report.label)}</h1>
      {asked.length > 0 && <div className="mt-1 text-ink-2">{asked.join(' · ')}</div>}
    </header>
  );
}

/** On a phone two stand in a line, and one alone fills it. */
const half = 'max-desk:grow max-desk:basis-[calc(50%-6px)]';

/** A day is written with its weekday, and two buttons stand beside it; in English it fills a phone's line. */
function roomOf({ type, required }: Field, locale: string) {
  if (type === 'switch') return 'pb-1';
  // What everything is about is told by its whole name.
  if (type === 'reference') return `${required ? 'max-desk:basis-full' : half} desk:w-60`;
  if (type !== 'date') return `${half} desk:w-44`;
  return locale === 'en' ? 'max-desk:basis-full desk:w-56' : `${half} desk:w-48`;
}

export function ReportInput({ report, search, errors, onChange }: InputProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { locale } = useFormats();
  const { shown, given } = useAsked(report, search);
  if (shown.length === 0) return null;
  return (
    <div className="flex flex-wrap items-start gap-3 print:hidden">
      {shown.map((field) => {
        const Editor = editorOf(field);
        return (
          Editor && (
            <div key={field.key} className={cx('min-w-0', roomOf(field, locale))}>
              <Editor
                field={{ ...field, required: field.required || field.default != null }}
                label={label(field.label)}
                isRequired={field.required}
                placeholder={field.required ? undefined : t('report.any')}
                value={given(field)}
                error={errors?.[field.key]}
                onChange={(value) => onChange({ ...search, [field.key]: addressOf(value) })}
              />
            </div>
          )
        );
      })}
    </div>
  );
}
