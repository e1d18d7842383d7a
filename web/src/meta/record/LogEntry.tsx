import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Field, Row } from '@/api/types';
import { type Contexts, fieldsOf } from '../context';
import { isEmpty, valueText } from '../fields';
import { refs, refText } from '../fields/reference';
import { FactValue } from '../fields/Value';
import { paths } from '../paths';
import { FileTiles } from './FileTiles';
import { filesOf, type Log, momentField } from './roles';
import { Moment } from './Timeline';

interface LogEntryProps {
  log: Log;
  row: Row;
  at: string;
  contexts: Contexts;
}

/** A visit, a call or whatever else was logged about the record: who, what, the words, the pictures. */
export function LogEntry({ log, row, at, contexts }: LogEntryProps) {
  const { t } = useTranslation();
  const { entity, about } = log;
  const known = fieldsOf(entity);
  const by = known.get('owner') ?? known.get('created_by');
  const who = by && refs(row[by.key])[0];
  const kind = entity.fields.find((field) => field.type === 'choice' && !field.settings?.many);
  const name =
    (kind && !isEmpty(row[kind.key]) && valueText(row[kind.key], { ...contexts, field: kind, row })) || '';
  const words = entity.fields.find((field) => field.type === 'long_text' && !isEmpty(row[field.key]));
  const title = known.get(entity.title);
  const isNamed =
    title &&
    !title.read_only &&
    !['auto_number', 'any_ref', 'id'].includes(title.type) &&
    title.key !== words?.key;
  const heading =
    isNamed || (title && !words) ? valueText(row[title.key], { ...contexts, field: title, row }) : '';
  const files = filesOf(entity, row);
  const told = new Set([about.key, by?.key, kind?.key, words?.key, momentField(log)?.key]);
  told.add(title?.key);
  const rest = entity.fields.filter((field) => isTold(field, row) && !told.has(field.key));
  return (
    <article>
      <p>
        {who && <span className="font-medium">{refText(who, contexts)}</span>}{' '}
        <Link
          to={paths.record(entity.name, row.id)}
          className="text-ink-2 underline decoration-line-strong underline-offset-3 hover:decoration-ink"
        >
          {name
            ? t('timeline.logged_as', { name: contexts.label(entity.label), kind: name })
            : contexts.label(entity.label)}
        </Link>{' '}
        <Moment at={at} contexts={contexts} />
      </p>
      {heading && <p className="mt-1 font-medium break-words">{heading}</p>}
      {words && <p className="mt-1 break-words whitespace-pre-wrap text-ink">{String(row[words.key])}</p>}
      {rest.length > 0 && (
        <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5">
          {rest.map((field) => (
            <div key={field.key} className="flex min-w-0 gap-1">
              <dt className="text-ink-3">{contexts.label(field.label)}</dt>
              <dd className="min-w-0">
                <FactValue value={row[field.key]} context={{ ...contexts, field, row }} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {files.length > 0 && <FileTiles files={files.map(({ file }) => file)} isSmall />}
    </article>
  );
}

/** Fields worth a word beside the text: what a person chose, not what the system keeps. */
function isTold(field: Field, row: Row): boolean {
  if (field.system || field.read_only || isEmpty(row[field.key]) || row[field.key] === false) return false;
  return (
    !['file', 'any_ref', 'auto_number', 'formula', 'rollup', 'department'].includes(field.type) &&
    field.key !== 'source_created_at'
  );
}
