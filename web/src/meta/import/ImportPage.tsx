// Bringing in a table: file, preview with mapping, run, summary with a way back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, upload } from '@/api/client';
import type { Entity, FileRef, ImportPreview, ImportStarted, Job } from '@/api/types';
import { PageHead } from '@/ui/PageHead';
import { useLabel } from '../context';
import { refresh } from '../data';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';
import { FileStep } from './FileStep';
import { type ImportPlan, MappingStep } from './MappingStep';
import { ProgressStep } from './ProgressStep';
import { SummaryStep } from './SummaryStep';

type Stage =
  | { at: 'file' }
  | { at: 'mapping'; file: FileRef; preview: ImportPreview; sheet?: string }
  | { at: 'running'; job: string; dryRun: boolean }
  | { at: 'done'; job: Job; dryRun: boolean };

export function ImportPage({ entity }: { entity: Entity }) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const [stage, setStage] = useState<Stage>({ at: 'file' });
  const [back, setBack] = useState<Stage | null>(null);
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

  const look = (file: FileRef, sheet?: string) =>
    attempt(async () => {
      const preview = await post<ImportPreview>(`import/${entity.name}/preview`, { file: file.id, sheet });
      setStage({ at: 'mapping', file, preview, sheet });
    });
  const choose = (chosen: File) => attempt(async () => look(await upload(chosen)));
  const run = (file: FileRef, plan: ImportPlan) =>
    attempt(async () => {
      const { job } = await post<ImportStarted>(`import/${entity.name}`, { file: file.id, ...plan });
      setBack(stage);
      setStage({ at: 'running', job, dryRun: plan.dry_run });
    });

  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('import.into', { name: label(entity.plural) })} back={paths.list(entity.name)} />
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 desk:px-8">
          {failed !== null && <ProblemNotice error={failed} />}
          {stage.at === 'file' && <FileStep busy={busy} onChoose={choose} />}
          {stage.at === 'mapping' && (
            <MappingStep
              key={`${stage.file.id} ${stage.sheet}`}
              entity={entity}
              file={stage.file}
              preview={stage.preview}
              sheet={stage.sheet}
              busy={busy}
              onSheet={(sheet) => look(stage.file, sheet)}
              onBack={() => setStage({ at: 'file' })}
              onRun={(plan) => run(stage.file, plan)}
            />
          )}
          {stage.at === 'running' && (
            <ProgressStep
              id={stage.job}
              onDone={async (job) => {
                setStage({ at: 'done', job, dryRun: stage.dryRun });
                await refresh(client, entity.name);
              }}
            />
          )}
          {stage.at === 'done' && (
            <SummaryStep
              entity={entity}
              job={stage.job}
              dryRun={stage.dryRun}
              onBack={() => setStage(stage.dryRun && back ? back : { at: 'file' })}
            />
          )}
        </div>
      </div>
    </div>
  );
}
