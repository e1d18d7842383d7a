import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl, post } from '@/api/client';
import type { Entity, ImportSummary, Job } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button, buttonClass } from '@/ui/Button';
import { Notice } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { fieldsOf, useLabel } from '../context';
import { refresh } from '../data';
import { useProblemText } from '../ProblemNotice';
import { paths } from '../paths';
import { Notes } from './Notes';

interface SummaryProps {
  entity: Entity;
  job: Job;
  isDryRun: boolean;
  /** After a dry run: does it. */
  onRun?(): void;
  onBack(): void;
}

const counted = ['created', 'updated', 'unchanged', 'skipped', 'warned', 'failed'] as const;

/** What a run did, row by row where it failed, and the way back. */
export function SummaryStep({ entity, job, isDryRun, onRun, onBack }: SummaryProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const result = job.result ?? {};
  const comes = (result.created ?? 0) + (result.updated ?? 0);
  const nothing = isDryRun && comes === 0;
  const isVain = !isDryRun && comes === 0 && (result.failed ?? 0) > 0;
  return (
    <>
      <h2 className="text-title font-semibold">
        {t(
          job.state === 'done'
            ? isDryRun
              ? 'import.tried'
              : isVain
                ? 'import.vain'
                : 'import.done'
            : `import.${job.state}`,
        )}
      </h2>
      {nothing && (result.failed ?? 0) > 0 && <Notice text={t('import.none_comes')} />}
      {!isDryRun && result.failed_file && <p className="text-ink-2">{t('import.failed_help')}</p>}
      {job.state === 'failed' && <Notice text={job.error?.detail || t('import.failed_text')} />}
      <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-md border border-line bg-line desk:grid-cols-6">
        {counted.map((key) => (
          <div key={key} className="flex flex-col justify-between bg-panel px-3 py-2.5">
            <dt className="text-meta text-ink-3">{t(`import.count.${key}`)}</dt>
            <dd className="figures text-title">{decimalText(result[key] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      {(result.lines ?? 0) > 0 && (
        <p className="text-ink-2">
          {t('import.lines', { count: result.lines, rows: decimalText(result.lines ?? 0) })}
        </p>
      )}
      {(result.unmapped?.length ?? 0) > 0 && (
        <p className="text-ink-2">
          {t('import.unmapped', { columns: result.unmapped?.join(t('list.separator')) })}
        </p>
      )}
      <Notes notes={result.notes ?? []} />
      <Reasons entity={entity} reasons={result.reasons ?? []} />
      {/* One row for each reason: the table above has said it all. */}
      {(result.reasons ?? []).some((one) => one.rows > 1) && <Failures errors={result.errors ?? []} />}
      <div className="flex flex-wrap gap-2 border-t border-line pt-4 max-desk:*:flex-1 max-desk:*:justify-center">
        {!isDryRun && result.changeset && !isVain && (
          <UndoButton entity={entity} changeset={result.changeset} />
        )}
        {result.failed_file && (
          <a href={apiUrl(`files/${result.failed_file}`)} download className={buttonClass('plain')}>
            <Download size={14} aria-hidden="true" />
            {t('import.failed_rows')}
          </a>
        )}
        <Button className="ml-auto" look={nothing ? 'primary' : 'plain'} onPress={onBack}>
          {t(isDryRun ? 'import.mend' : 'import.another')}
        </Button>
        {nothing ? null : onRun ? (
          <Button look="primary" onPress={onRun}>
            {(result.failed ?? 0) > 0
              ? t('import.run_rest', { count: comes, rows: decimalText(comes) })
              : t('import.run')}
          </Button>
        ) : (
          <Link to={paths.list(entity.name)} className={buttonClass('primary')}>
            {t('record.to_list', { name: label(entity.plural) })}
          </Link>
        )}
      </div>
    </>
  );
}

/** Why rows were refused, the most frequent reason first. */
function Reasons({ entity, reasons }: { entity: Entity; reasons: NonNullable<ImportSummary['reasons']> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const known = fieldsOf(entity);
  if (reasons.length === 0) return null;
  return (
    <table className="w-full border-collapse rounded-md border border-line">
      <thead>
        <tr className="border-b border-line text-left text-meta whitespace-nowrap text-ink-3">
          <th className="px-3 py-1.5 font-medium">{t('import.reason')}</th>
          <th className="px-3 py-1.5 text-right font-medium">{t('import.times')}</th>
          <th className="px-3 py-1.5 text-right font-medium">{t('import.first_line')}</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ field, message, rows, line }) => (
          <tr key={`${field} ${message}`} className="border-b border-line last:border-b-0">
            <td className="px-3 py-1.5 break-words">
              {message.startsWith(label(known.get(field ?? '')?.label))
                ? ''
                : `${label(known.get(field ?? '')?.label)} `}
              {message}
            </td>
            <td className="figures px-3 py-1.5 text-right">{decimalText(rows)}</td>
            <td className="figures px-3 py-1.5 text-right text-ink-3">{line}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Failures({ errors }: { errors: NonNullable<ImportSummary['errors']> }) {
  const { t } = useTranslation();
  if (errors.length === 0) return null;
  return (
    <ul className="max-h-72 overflow-auto rounded-md border border-line">
      {errors.slice(0, 200).map((error, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one line of a file may have several errors; the order is fixed
        <li key={i} className="flex gap-3 border-b border-line px-3 py-1.5 last:border-b-0">
          <span className="figures shrink-0 text-ink-3">{t('import.line', { line: error.line })}</span>
          <span className="min-w-0 break-words">{error.message}</span>
        </li>
      ))}
    </ul>
  );
}

function UndoButton({ entity, changeset }: { entity: Entity; changeset: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const [done, setDone] = useState(false);
  async function undo() {
    try {
      const { undone, conflicts } = await post<{ undone: number; conflicts?: unknown[] | null }>(
        `changesets/${changeset}/undo`,
      );
      setDone(true);
      await refresh(client, entity.name);
      const left = conflicts?.length ?? 0;
      if (left > 0) toasts.warn(t('import.undone_partly', { undone, left }));
      else toasts.say(t('import.undone', { count: undone }));
    } catch (error) {
      toasts.warn(problem(error));
    }
  }
  return (
    <Button onPress={undo} isDisabled={done}>
      <Undo2 size={14} aria-hidden="true" />
      {t('import.undo')}
    </Button>
  );
}
