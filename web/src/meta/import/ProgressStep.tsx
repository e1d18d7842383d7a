import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ProgressBar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Job } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { ProblemNotice } from '../ProblemNotice';

const over = new Set(['done', 'failed', 'cancelled']);

/** Watches a job until it is over. */
export function ProgressStep({ id, onDone }: { id: string; onDone(job: Job): void }) {
  const { t } = useTranslation();
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: () => get<Job>(`jobs/${id}`),
    refetchInterval: (query) => (over.has(query.state.data?.state ?? '') ? false : 400),
  });
  const told = useRef(false);
  useEffect(() => {
    if (told.current || !job.data || !over.has(job.data.state)) return;
    told.current = true;
    onDone(job.data);
  }, [job.data, onDone]);
  if (job.isError) return <ProblemNotice error={job.error} retry={() => job.refetch()} />;
  const { done = 0, total = 0 } = job.data ?? {};
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <div className="flex flex-col gap-3">
      <ProgressBar aria-label={t('import.running')} value={share} isIndeterminate={total === 0}>
        <div className="mb-1.5 flex justify-between">
          <span>{t('import.running')}</span>
          <span className="figures text-ink-2">
            {total > 0 && `${decimalText(done)} / ${decimalText(total)}`}
          </span>
        </div>
        <div className="h-1.5 overflow-hidden rounded-full bg-pressed">
          <div
            className="h-full rounded-full bg-accent transition-[width] duration-100"
            style={{ width: `${share}%` }}
          />
        </div>
      </ProgressBar>
      <Button className="self-start" onPress={() => post(`jobs/${id}/cancel`).then(() => job.refetch())}>
        {t('action.cancel')}
      </Button>
    </div>
  );
}
