import { PenLine, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { buttonClass } from '@/ui/Button';
import { useLabel } from '../context';
import { type Log, logMark } from './roles';

const Composer = lazy(() => import('./Composer'));

interface ComposerProps {
  entity: Entity;
  row: Row;
  logs: Log[];
}

/** One line that opens into the form of a quick log; what else can be logged stands beside it. */
export function ComposerPlace({ entity, row, logs }: ComposerProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [open, setOpen] = useState<string | null>(() =>
    window.location.hash === `#${logMark}` ? (logs[0]?.entity.name ?? null) : null,
  );
  const log = logs.find((one) => one.entity.name === open);
  const [first, ...others] = logs;
  if (!first) return null;
  if (log) {
    return (
      <Suspense fallback={<div className="mb-4 h-32 rounded-md border border-line" />}>
        <Composer {...{ entity, row, log }} onDone={() => setOpen(null)} />
      </Suspense>
    );
  }
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <button
        type="button"
        onClick={() => setOpen(first.entity.name)}
        className="flex h-(--control) min-w-40 flex-1 max-desk:basis-full items-center gap-2 rounded-md border border-line px-3 text-left text-ink-3 hover:border-line-strong hover:text-ink-2"
      >
        <PenLine size={14} aria-hidden="true" />
        {t('record.log', { name: label(first.entity.label) })}
      </button>
      {others.map(({ entity: one }) => (
        <button
          key={one.name}
          type="button"
          onClick={() => setOpen(one.name)}
          className={buttonClass('quiet', 'max-desk:-ml-3 max-desk:mr-1')}
        >
          <Plus size={14} aria-hidden="true" />
          {t('record.log', { name: label(one.label) })}
        </button>
      ))}
    </div>
  );
}
