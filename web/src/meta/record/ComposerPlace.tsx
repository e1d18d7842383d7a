import { PenLine } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { useLabel } from '../context';
import type { Log } from './roles';

const Composer = lazy(() => import('./Composer'));

interface ComposerProps {
  entity: Entity;
  row: Row;
  log: Log;
}

/** One line that opens into the form of a quick log. */
export function ComposerPlace({ entity, row, log }: ComposerProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [isOpen, setOpen] = useState(false);
  const name = label(log.entity.label);
  if (isOpen) {
    return (
      <Suspense fallback={<div className="mb-4 h-32 rounded-md border border-line" />}>
        <Composer {...{ entity, row, log }} onDone={() => setOpen(false)} />
      </Suspense>
    );
  }
  return (
    <button
      type="button"
      data-compose={log.entity.name}
      onClick={() => setOpen(true)}
      className="mb-3 flex h-10 w-full items-center gap-2 rounded-md border border-line px-3 text-left text-ink-3 hover:border-line-strong hover:text-ink-2"
    >
      <PenLine size={14} aria-hidden="true" />
      {t('record.log', { name })}
    </button>
  );
}
