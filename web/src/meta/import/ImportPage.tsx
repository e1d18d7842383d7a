// Bringing in a table: file, preview with mapping, run, summary with a way back.
// A run is in the address: who leaves and comes back finds it again.

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import type { Entity, FileRef, ImportPreview, ImportStarted, Job } from '@/api/types';
import { upload } from '@/api/upload';
import { cx } from '@/ui/cx';
import { PageHead } from '@/ui/PageHead';
import { useLabel } from '../context';
import { refresh } from '../data';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';
import { FileStep } from './FileStep';
import { type ImportPlan, MappingStep } from './MappingStep';
import { ProgressStep } from './ProgressStep';
import { SummaryStep } from './SummaryStep';

interface Mapping {
  file: FileRef;
  preview: ImportPreview;
  sheet?: string;
  plan?: ImportPlan;
}

export function ImportPage({ entity, job }: { entity: Entity; job?: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [ended, setEnded] = useState<Job | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setFailed(null);
    try {
      await work();
    } catch (error) {
      setFailed(error);
    }
    setBusy(false);
  }
  const watch = (id?: string) =>
    navigate({ to: paths.import(entity.name), search: { job: id } as never, replace: !id });
  const look = (file: FileRef, sheet?: string) =>
    attempt(async () => {
      const preview = await post<ImportPreview>(`import/${entity.name}/preview`, { file: file.id, sheet });
      setMapping({ file, preview, sheet });
    });
  const choose = (chosen: File) => attempt(async () => look(await upload(chosen)));
  const run = (from: Mapping, plan: ImportPlan) =>
    attempt(async () => {
      const { job: id } = await post<ImportStarted>(`import/${entity.name}`, { file: from.file.id, ...plan });
      setMapping({ ...from, plan });
      setEnded(null);
      await watch(id);
    });

  const shown = job && ended?.id === job ? ended : null;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('import.into', { name: label(entity.plural) })} back={paths.list(entity.name)} />
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-5 desk:px-8">
          <Steps
            at={
              shown
                ? shown.result?.dry_run
                  ? 2
                  : 3
                : job
                  ? mapping?.plan?.dry_run
                    ? 2
                    : 3
                  : mapping
                    ? 1
                    : 0
            }
          />
          {failed !== null && <ProblemNotice error={failed} />}
          {!job && !mapping && (
            <FileStep entity={entity} busy={busy} onChoose={choose} onWatch={(id) => watch(id)} />
          )}
          {!job && mapping && (
            <MappingStep
              key={`${mapping.file.id} ${mapping.sheet}`}
              entity={entity}
              {...mapping}
              busy={busy}
              onSheet={(sheet) => look(mapping.file, sheet)}
              onBack={() => setMapping(null)}
              onRun={(plan) => run(mapping, plan)}
            />
          )}
          {job && !shown && (
            <ProgressStep
              key={job}
              id={job}
              onDone={async (over) => {
                setEnded(over);
                await refresh(client, entity.name);
              }}
            />
          )}
          {shown && (
            <SummaryStep
              entity={entity}
              job={shown}
              isDryRun={shown.result?.dry_run ?? false}
              onRun={
                shown.result?.dry_run && mapping?.plan && shown.state === 'done'
                  ? () => mapping.plan && run(mapping, { ...mapping.plan, dry_run: false })
                  : undefined
              }
              onBack={() => {
                if (!shown.result?.dry_run) setMapping(null);
                void watch();
              }}
            />
          )}
        </div>
      </div>
    </div>
  );
}

const steps = ['file', 'mapping', 'trial', 'result'] as const;

/** How far one is on the way from a file to records. */
function Steps({ at }: { at: number }) {
  const { t } = useTranslation();
  return (
    <ol aria-label={t('import.steps')} className="flex items-center gap-2 text-meta">
      {steps.map((step, i) => (
        <li
          key={step}
          aria-current={i === at ? 'step' : undefined}
          className={cx(
            'flex items-center gap-2 whitespace-nowrap',
            i === at ? 'font-medium text-ink' : 'text-ink-3',
          )}
        >
          {i > 0 && <span aria-hidden="true" className="h-px w-6 bg-line-strong max-desk:w-3" />}
          <span
            aria-hidden="true"
            className={cx(
              'figures grid size-5 place-items-center rounded-full border',
              i === at ? 'border-accent bg-accent text-on-accent' : 'border-line-strong',
            )}
          >
            {i < at ? <Check size={12} aria-hidden="true" /> : i + 1}
          </span>
          {t(`import.step.${step}`)}
        </li>
      ))}
    </ol>
  );
}
