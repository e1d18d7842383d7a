import { useQuery } from '@tanstack/react-query';
import { Download, FileSpreadsheet } from 'lucide-react';
import { DropZone, FileTrigger, isFileDropItem, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { apiUrl, get } from '@/api/client';
import type { Entity, Job } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { Button, buttonClass } from '@/ui/Button';
import { Progress } from '@/ui/Progress';

interface FileStepProps {
  entity: Entity;
  busy: boolean;
  onChoose(file: File): void;
  onWatch(job: string): void;
}

/** Choosing the file; a template to fill in; imports of one's own that are under way. */
export function FileStep({ entity, busy, onChoose, onWatch }: FileStepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Underway entity={entity} onWatch={onWatch} />
      <FileDrop busy={busy} onChoose={onChoose} />
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-2">
        <a href={apiUrl(`import/${entity.name}/template`)} download className={buttonClass('plain')}>
          <Download size={14} aria-hidden="true" />
          {t('import.template')}
        </a>
        {t('import.template_text')}
      </p>
    </>
  );
}

function Underway({ entity, onWatch }: { entity: Entity; onWatch(job: string): void }) {
  const { t } = useTranslation();
  const jobs = useQuery({
    queryKey: ['jobs', 'import', entity.name],
    queryFn: ({ signal }) => get<{ items: Job[] }>('jobs', { limit: 50 }, signal),
  });
  const running = (jobs.data?.items ?? []).filter(
    (job) =>
      job.kind === 'import' &&
      job.entity === entity.name &&
      (job.state === 'running' || job.state === 'queued'),
  );
  if (running.length === 0) return null;
  return (
    <section className="flex flex-col gap-2 rounded-md border border-line px-3 py-2.5">
      <h2 className="text-meta text-ink-3">{t('import.underway')}</h2>
      {running.map((job) => (
        <div key={job.id} className="flex items-center gap-4">
          <Progress
            label={t('import.running')}
            value={job.total > 0 ? job.done : undefined}
            max={job.total}
            className="flex-1"
          />
          <Button onPress={() => onWatch(job.id)}>{t('import.watch')}</Button>
        </div>
      ))}
    </section>
  );
}

function FileDrop({ busy, onChoose }: { busy: boolean; onChoose(file: File): void }) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  return (
    <DropZone
      onDrop={async (event) => {
        const dropped = event.items.find(isFileDropItem);
        if (dropped) onChoose(await dropped.getFile());
      }}
      className="flex flex-col items-center rounded-lg border border-dashed border-line-strong px-6 py-14 text-center data-[drop-target]:border-accent-ink data-[drop-target]:bg-accent-wash"
    >
      <FileSpreadsheet size={28} strokeWidth={1.5} aria-hidden="true" className="mb-3 text-ink-3" />
      <Text slot="label" className="font-medium">
        {t(isPhone ? 'import.pick' : 'import.drop')}
      </Text>
      <p className="mt-1 mb-4 max-w-md text-ink-2">{t('import.formats')}</p>
      <FileTrigger
        acceptedFileTypes={['.csv', '.txt', '.tsv', '.xlsx']}
        onSelect={(files) => {
          const file = files?.[0];
          if (file) onChoose(file);
        }}
      >
        <Button look="primary" isDisabled={busy}>
          {t(busy ? 'import.reading' : 'file.choose')}
        </Button>
      </FileTrigger>
    </DropZone>
  );
}
