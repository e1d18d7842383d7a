// Taking a list away: which records, which columns, which kind of file. It runs
// as a job, so that nobody waits on an open connection; the file is fetched here.
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl, get, post } from '@/api/client';
import type { Entity, ImportStarted } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button, buttonClass } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { MultiSelect } from '@/ui/MultiSelect';
import { Progress } from '@/ui/Progress';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Notice } from '@/ui/states';
import { useLabel } from '../context';
import type { ListQuery } from '../data';
import { useProblemText } from '../ProblemNotice';

interface ExportProps {
  entity: Entity;
  /** The list on screen. */
  query: ListQuery;
  /** Its columns, in order. */
  columns: string[];
  /** How many it has, where that is known. */
  count?: number;
  /** Selected records; they are offered first. */
  chosen?: string[];
  onClose(): void;
}

type Columns = 'view' | 'all' | 'some';
type Kind = 'xlsx' | 'csv' | 'gb';

interface Work {
  state: string;
  done: number;
  result: { file: string; name: string; rows: number } | null;
  error: { detail: string } | null;
}

export default function ExportDialog({ entity, query, columns, count, chosen = [], onClose }: ExportProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const problem = useProblemText();
  const [which, setWhich] = useState<'view' | 'chosen'>(chosen.length > 0 ? 'chosen' : 'view');
  const [from, setFrom] = useState<Columns>('view');
  const [some, setSome] = useState(columns);
  const [kind, setKind] = useState<Kind>('xlsx');
  const [job, setJob] = useState<string | null>(null);
  const [failed, setFailed] = useState('');
  const fields = { view: columns, all: undefined, some }[from];

  async function run() {
    setFailed('');
    const filter =
      which === 'chosen' ? `id in (${chosen.map((id) => JSON.stringify(id)).join(', ')})` : query.filter;
    try {
      const started = await post<ImportStarted>(`export/${entity.name}`, {
        filter,
        sort: query.sort,
        q: which === 'view' ? query.q : undefined,
        fields,
        format: kind === 'xlsx' ? 'xlsx' : 'csv',
        encoding: kind === 'gb' ? 'gb18030' : undefined,
      });
      setJob(started.job);
    } catch (error) {
      setFailed(problem(error));
    }
  }

  const foot = !job && (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={run} isDisabled={from === 'some' && some.length === 0}>
        {t('export.run')}
      </Button>
    </>
  );
  return (
    <Dialog
      title={t('export.title', { name: label(entity.plural) })}
      isOpen
      onClose={onClose}
      foot={foot || undefined}
    >
      {job ? (
        <Running id={job} />
      ) : (
        <div className="flex flex-col gap-4">
          {failed && <Notice text={failed} />}
          {chosen.length > 0 && (
            <Segmented<'view' | 'chosen'>
              label={t('export.which')}
              items={[
                { id: 'chosen', name: t('export.rows_chosen', { count: chosen.length }) },
                { id: 'view', name: t('export.rows_view', { count: count ?? 0 }) },
              ]}
              value={which}
              onChange={setWhich}
            />
          )}
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
          <p className="text-meta text-ink-3">{t('export.text')}</p>
        </div>
      )}
    </Dialog>
  );
}

const over = new Set(['done', 'failed', 'cancelled']);

/** How far the export is; at its end the file. */
function Running({ id }: { id: string }) {
  const { t } = useTranslation();
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => get<Work>(`jobs/${id}`, {}, signal),
    refetchInterval: (query) => (over.has(query.state.data?.state ?? '') ? false : 400),
  });
  const { state = '', done = 0, result, error } = job.data ?? {};
  if (job.isError || state === 'failed' || state === 'cancelled')
    return <Notice text={error?.detail || t('export.failed')} />;
  if (state !== 'done' || !result)
    return <Progress label={t('export.running')} note={done > 0 ? decimalText(done) : ''} />;
  return (
    <div className="flex flex-col items-start gap-3" role="status">
      <p>{t('export.done', { count: result.rows })}</p>
      <a href={apiUrl(`files/${result.file}`)} download className={buttonClass('primary', 'max-w-full')}>
        <Download size={14} aria-hidden="true" className="shrink-0" />
        <span className="truncate">{t('export.download', { name: result.name })}</span>
      </a>
    </div>
  );
}
