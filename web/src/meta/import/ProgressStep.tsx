import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Job } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
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
  const note = total > 0 ? `${decimalText(done)} / ${decimalText(total)}` : '';
  return (
    <div className="flex flex-col gap-3">
      <Progress label={t('import.running')} value={total > 0 ? done : undefined} max={total} note={note} />
      <p className="text-ink-2">{t('import.leave')}</p>
      <Button className="self-start" onPress={() => post(`jobs/${id}/cancel`).then(() => job.refetch())}>
        {t('action.cancel')}
      </Button>
    </div>
  );
}
