// Taking a list away: which columns and which kind of file. It runs as a job, so
// that nobody waits on an open connection; the file is fetched here, or, when the
// dialog was closed meanwhile, from the word that it is ready.
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import type { Entity, ImportStarted } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button, buttonClass } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { MultiSelect } from '@/ui/MultiSelect';
import { Progress } from '@/ui/Progress';
import { Select } from '@/ui/Select';
import { Notice } from '@/ui/states';
import { useLabel } from '../context';
import type { ListQuery } from '../data';
import { useProblemText } from '../ProblemNotice';
import { fileUrl, over, watchAside, workAt } from './watch';

interface ExportProps {
  entity: Entity;
  /** The list on screen, or what of it is selected. */
  query: ListQuery;
  /** Its columns, in order. */
  columns: string[];
  /** How many records that are, where it is known. */
  count?: number;
  /** They were selected one by one or all at once, not just what the list shows. */
  isSelection?: boolean;
  onClose(): void;
}

type Columns = 'view' | 'all' | 'some';
type Kind = 'xlsx' | 'csv' | 'gb';

export default function ExportDialog({ entity, query, columns, count, isSelection, onClose }: ExportProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const problem = useProblemText();
  const [from, setFrom] = useState<Columns>('view');
  const [some, setSome] = useState(columns);
  const [kind, setKind] = useState<Kind>('xlsx');
  const [job, setJob] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const isOver = useRef(false);
  const fields = { view: columns, all: undefined, some }[from];
  const name = label(entity.plural);

  async function run() {
    setFailed('');
    setBusy(true);
    try {
      const started = await post<ImportStarted>(`export/${entity.name}`, {
        filter: query.filter,
        sort: query.sort,
        q: query.q,
        fields,
        format: kind === 'xlsx' ? 'xlsx' : 'csv',
        encoding: kind === 'gb' ? 'gb18030' : undefined,
      });
      isOver.current = false;
      setJob(started.job);
    } catch (error) {
      setFailed(problem(error));
    }
    setBusy(false);
  }

  function close() {
    if (job && !isOver.current) {
      void watchAside(job, {
        ready: (rows) => t('export.ready', { count: rows, name }),
        fetch: t('export.fetch'),
        failed: t('export.failed'),
      });
    }
    onClose();
  }

  const foot = !job && (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button
        look="primary"
        onPress={run}
        isDisabled={busy || count === 0 || (from === 'some' && some.length === 0)}
      >
        {t('export.run')}
      </Button>
    </>
  );
  const what =
    count === 0
      ? t('export.of_none')
      : count === undefined
        ? t('export.of_list_all')
        : t(isSelection ? 'export.of_chosen' : 'export.of_list', { count });
  return (
    <Dialog title={t('export.title', { name })} isOpen onClose={close} foot={foot || undefined}>
      {job ? (
        <Running
          id={job}
          count={count}
          onOver={() => {
            isOver.current = true;
          }}
          onAgain={() => setJob(null)}
        />
      ) : (
        <div className="flex flex-col gap-4">
          {failed && <Notice text={failed} />}
          <p className="text-ink-2">{what}</p>
          <Select
            label={t('export.columns')}
            items={(['view', 'all', 'some'] as const).map((id) => ({ id, name: t(`export.columns_${id}`) }))}
            value={from}
            onChange={(next) => setFrom((next ?? 'view') as Columns)}
          />
          {from === 'some' && (
            <MultiSelect
              label={t('export.columns_some')}
              items={entity.fields.map((field) => ({ id: field.key, name: label(field.label) }))}
              value={some}
              onChange={setSome}
            />
          )}
          <Select
            label={t('export.format')}
            items={(['xlsx', 'csv', 'gb'] as const).map((id) => ({ id, name: t(`export.format_${id}`) }))}
            value={kind}
            onChange={(next) => setKind((next ?? 'xlsx') as Kind)}
          />
        </div>
      )}
    </Dialog>
  );
}

interface RunningProps {
  id: string;
  /** How many records there will be, where it is known. */
  count?: number;
  onOver(): void;
  onAgain(): void;
}

/** How far the export is; at its end the file. */
function Running({ id, count = 0, onOver, onAgain }: RunningProps) {
  const { t } = useTranslation();
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: async ({ signal }) => {
      const work = await workAt(id, signal);
      if (over.has(work.state)) onOver();
      return work;
    },
    refetchInterval: (query) => (over.has(query.state.data?.state ?? '') ? false : 400),
  });
  const { state = '', done = 0, result, error } = job.data ?? {};
  if (job.isError || state === 'failed' || state === 'cancelled')
    return (
      <div className="flex flex-col items-start gap-3">
        {state === 'cancelled' ? (
          <p role="status">{t('export.stopped')}</p>
        ) : (
          <Notice text={error?.detail || t('export.failed')} />
        )}
        <Button onPress={onAgain}>{t('export.again')}</Button>
      </div>
    );
  if (state !== 'done' || !result)
    return (
      <div className="flex flex-col items-start gap-3">
        <Progress
          className="w-full"
          label={t('export.running')}
          value={count > 0 ? done : undefined}
          max={count}
          note={
            done > 0
              ? [done, count]
                  .filter(Boolean)
                  .map((n) => decimalText(n))
                  .join(' / ')
              : ''
          }
        />
        <p className="text-ink-2">{t('export.leave')}</p>
        <Button onPress={() => post(`jobs/${id}/cancel`).then(() => job.refetch())}>
          {t('export.stop')}
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col items-start gap-3" role="status">
      <p>{t('export.done', { count: result.rows })}</p>
      <a href={fileUrl(result)} download className={buttonClass('primary', 'max-w-full')}>
        <Download size={14} aria-hidden="true" className="shrink-0" />
        <span className="truncate">{t('export.download', { name: result.name })}</span>
      </a>
    </div>
  );
}
