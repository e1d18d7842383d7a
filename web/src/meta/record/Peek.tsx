// A record beside its list: the same facts, the same timeline. Fetched when a row
// is first looked at.
import { Link } from '@tanstack/react-router';
import { Maximize2, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { isTyping } from '@/lib/keys';
import { useIsPhone } from '@/lib/media';
import { buttonClass, IconButton } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { ScrollArea } from '@/ui/ScrollArea';
import { Sheet } from '@/ui/Sheet';
import { WaitingLines } from '@/ui/states';
import { Tabs } from '@/ui/Tabs';
import { useLabel } from '../context';
import { useRecord } from '../data';
import { paths } from '../paths';
import { openIn } from '../settled';
import { Conflicts } from './Conflicts';
import { Facts } from './Facts';
import { Missing } from './Missing';
import { RecordMenu } from './RecordMenu';
import { RecordSummary } from './RecordSummary';
import { RecordTitle } from './RecordTitle';
import { Timeline } from './Timeline';
import { useEditing } from './useEditing';
import { useSaving } from './useSaving';
import { useTitleOf } from './useTitleOf';

interface PeekProps {
  entity: Entity;
  id: string;
  onClose(): void;
}

export default function Peek({ entity, id, onClose }: PeekProps) {
  const label = useLabel();
  const isPhone = useIsPhone();
  const record = useRecord(entity.name, id);
  const inside = record.data ? (
    <Inside key={id} {...{ entity, onClose, isPhone }} row={record.data} />
  ) : record.isError ? (
    <Missing entity={entity} error={record.error} retry={() => record.refetch()} />
  ) : (
    <WaitingLines lines={9} />
  );
  if (isPhone) {
    return (
      <Sheet
        title={label(entity.label)}
        isOpen
        onClose={onClose}
        side="bottom"
        actions={record.data && <Actions entity={entity} row={record.data} />}
      >
        {inside}
      </Sheet>
    );
  }
  return (
    <Panel name={label(entity.label)} onClose={onClose}>
      {inside}
    </Panel>
  );
}

/** The panel; → leads from the row into it, Esc closes it. */
function Panel({ name, onClose, children }: { name: string; onClose(): void; children: ReactNode }) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (isTyping(event) || document.querySelector('[aria-modal="true"], .floating[data-trigger]')) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        close.current();
      } else if (event.key === 'ArrowRight' && document.activeElement?.closest('[data-row]')) {
        event.preventDefault();
        box.current?.focus();
      }
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <aside
      ref={box}
      tabIndex={-1}
      aria-label={t('record.peek', { name })}
      className="flex w-[440px] shrink-0 flex-col border-l border-line bg-panel outline-none"
    >
      {children}
    </aside>
  );
}

interface InsideProps {
  entity: Entity;
  row: Row;
  isPhone: boolean;
  onClose(): void;
}

function Inside({ entity: whole, row, isPhone, onClose }: InsideProps) {
  const entity = useMemo(() => openIn(whole, row), [whole, row]);
  const { t } = useTranslation();
  const label = useLabel();
  const { contexts, title } = useTitleOf(entity, row);
  const saving = useSaving(entity, row.id);
  const edit = useEditing(entity, saving, row);
  return (
    <>
      {!isPhone && (
        <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line pr-2 pl-4">
          <Icon name={entity.icon} className="shrink-0 text-ink-3" />
          <span className="mr-auto truncate pl-1 text-ink-2">{label(entity.label)}</span>
          <Actions entity={entity} row={row} />
          <IconButton label={t('action.close')} keys="Esc" onPress={onClose}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <div className="flex flex-col gap-1.5 px-4 pt-4 pb-2">
        <RecordTitle {...{ entity, row, contexts, title, edit }} level={2} />
        <RecordSummary {...{ entity, row, contexts, saving }} />
      </div>
      <Tabs
        label={t('record.parts')}
        className="flex min-h-0 flex-1 flex-col outline-none"
        items={[
          {
            id: 'facts',
            name: t('record.facts'),
            content: (
              <ScrollArea label={t('record.facts')} className="flex-1 p-4">
                <Facts {...{ entity, row, contexts, edit }} />
              </ScrollArea>
            ),
          },
          {
            id: 'timeline',
            name: t('record.timeline'),
            content: <Timeline {...{ entity, row, contexts }} />,
          },
        ]}
      />
      <Conflicts saving={saving} />
    </>
  );
}

/** What can be done with the record, and its own page. */
function Actions({ entity, row }: { entity: Entity; row: Row }) {
  const { t } = useTranslation();
  const { title } = useTitleOf(entity, row);
  return (
    <>
      <RecordMenu entity={entity} row={row} title={title} />
      <Link to={paths.record(entity.name, row.id)} className={buttonClass('quiet', 'px-2')}>
        <Maximize2 size={14} aria-hidden="true" />
        {t('record.open')}
      </Link>
    </>
  );
}
