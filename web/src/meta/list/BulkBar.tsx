// What can be done with the chosen rows, how far it is and what came of it.
// Fetched when the first row is chosen.
import { ArrowRightLeft, Download, PenLine, Trash2, Undo2, X } from 'lucide-react';
import { lazy, Suspense, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button, IconButton } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
import { may } from '../context';
import type { ListQuery } from '../data';
import { useProblemText } from '../ProblemNotice';
import { isSealed } from '../sealed';
import { BulkActions } from './BulkActions';
import {
  type BulkOp,
  type BulkOrder,
  type BulkState,
  Cancelled,
  idsOf,
  most,
  useBulk,
  whichFilter,
  whichRecords,
} from './bulk';
import { chosenCount, isNothing, nothing, type Selection } from './selection';

const BulkDialog = lazy(() => import('./BulkDialog'));
const ExportDialog = lazy(() => import('../export/ExportDialog'));
const Refusals = lazy(() => import('./BulkDialog').then((m) => ({ default: m.Refusals })));

interface BulkBarProps {
  entity: Entity;
  selection: Selection;
  onSelect(selection: Selection): void;
  /** How many records the list has, and whether that is exact. */
  total: number;
  isExact: boolean;
  query: ListQuery;
  /** The columns on show, in order: what an export offers first. */
  columns: string[];
  /** The rows on show, from the first. */
  rows: Row[];
}

export default function BulkBar(props: BulkBarProps) {
  const { entity, selection, onSelect, total, isExact, query, columns, rows } = props;
  const { t } = useTranslation();
  const [asked, setAsked] = useState<BulkOp | null>(null);
  const [isExporting, setExporting] = useState(false);
  const { state, run, undo, cancel, rest } = useBulk(entity.name);
  const count = chosenCount(selection, total);
  const n = decimalText(count) + (selection.all && !isExact ? '+' : '');
  if (state.step !== 'rest')
    return (
      <Bar label={t('bulk.bar')}>
        <Running {...{ entity, state, cancel, rest, undo }} />
      </Bar>
    );
  if (isNothing(selection)) return null;
  const which = whichRecords(selection, query.filter, query.q);
  const chosen = rows.filter((row) => selection.all !== selection.ids.has(row.id));
  const isOpen = !chosen.some((row) => isSealed(entity, row));
  async function take(order: BulkOrder) {
    setAsked(null);
    // An action is taken on records that are named, also when all of a filter are meant.
    const named = order.op === 'act' && selection.all;
    const over = await run(order, named ? { ids: await idsOf(entity.name, query, selection) } : which, count);
    if (over && over.refused === 0 && !over.stopped) onSelect(nothing);
  }
  return (
    <Bar label={t('bulk.bar')}>
      <span aria-live="polite" className="figures pl-1 whitespace-nowrap">
        {t('bulk.chosen', { n })}
      </span>
      {!selection.all && total > selection.ids.size && (
        <Button
          look="quiet"
          className="!h-8 !px-2 text-accent-ink"
          onPress={() => onSelect({ all: true, ids: new Set() })}
        >
          {t('bulk.all', { n: decimalText(total) + (isExact ? '' : '+') })}
        </Button>
      )}
      <span aria-hidden="true" className="h-4 w-px bg-line max-desk:hidden" />
      {/* On a phone a line of its own below how many they are. */}
      <div className="flex items-center gap-1 max-desk:order-last max-desk:basis-full max-desk:flex-wrap max-desk:justify-between max-desk:gap-0 max-desk:[&_svg]:hidden">
        {(!selection.all || (isExact && total <= most)) && (
          <BulkActions {...{ entity, count }} rows={chosen} onRun={take} />
        )}
        {isOpen && may(entity, 'update') && (
          <Button look="quiet" className="!h-8 !px-2" onPress={() => setAsked('update')}>
            <PenLine size={14} aria-hidden="true" />
            {t('bulk.update')}
          </Button>
        )}
        {isOpen && entity.owned && may(entity, 'transfer') && (
          <Button look="quiet" className="!h-8 !px-2" onPress={() => setAsked('transfer')}>
            <ArrowRightLeft size={14} aria-hidden="true" />
            {t('bulk.transfer')}
          </Button>
        )}
        {may(entity, 'export') && (
          <Button look="quiet" className="!h-8 !px-2" onPress={() => setExporting(true)}>
            <Download size={14} aria-hidden="true" />
            {t('bulk.export')}
          </Button>
        )}
        {isOpen && may(entity, 'delete') && (
          <Button look="quiet" className="!h-8 !px-2 !text-danger" onPress={() => setAsked('delete')}>
            <Trash2 size={14} aria-hidden="true" />
            {t('action.delete')}
          </Button>
        )}
      </div>
      <IconButton
        label={t('bulk.none')}
        className="!size-8 max-desk:ml-auto"
        onPress={() => onSelect(nothing)}
      >
        <X size={15} aria-hidden="true" />
      </IconButton>
      {isExporting && (
        <Suspense>
          <ExportDialog
            entity={entity}
            query={{
              filter: whichFilter(selection, query.filter),
              q: selection.all ? query.q : undefined,
              sort: query.sort,
            }}
            columns={columns}
            count={selection.all && !isExact ? undefined : count}
            isSelection
            onClose={() => setExporting(false)}
          />
        </Suspense>
      )}
      {asked && (
        <Suspense>
          <BulkDialog
            {...{ entity, which, count: n }}
            op={asked}
            onClose={() => setAsked(null)}
            onRun={take}
          />
        </Suspense>
      )}
    </Bar>
  );
}

function Bar({ label, children }: { label: string; children: React.ReactNode }) {
  const box = useRef<HTMLElement>(null);
  // The last rows must come out from under it (grid.css).
  useLayoutEffect(() => {
    const around = box.current?.parentElement;
    around?.setAttribute('data-covered', '');
    return () => around?.removeAttribute('data-covered');
  }, []);
  return (
    <section
      ref={box}
      aria-label={label}
      className="floating absolute bottom-11 left-1/2 z-30 flex w-max max-w-[calc(100%-1.5rem)] -translate-x-1/2 max-desk:bottom-3 max-desk:w-full flex-wrap items-center gap-1 px-2 py-1.5"
    >
      {children}
    </section>
  );
}

interface RunningProps {
  entity: Entity;
  state: Exclude<BulkState, { step: 'rest' }>;
  cancel(): void;
  rest(): void;
  undo(changeset: string, total: number): void;
}

function Running({ entity, state, cancel, rest, undo }: RunningProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [isReading, setReading] = useState(false);
  if (state.step === 'running') {
    const { op, done, total, job } = state;
    return (
      <>
        <Progress
          className="w-72 max-w-[60vw] px-1"
          label={t(`bulk.running.${op}`)}
          value={job ? done : undefined}
          max={total}
          note={`${decimalText(done)} / ${decimalText(total)}`}
        />
        {job && (
          <Button look="quiet" className="!h-8 !px-2" onPress={cancel}>
            {t('bulk.stop')}
          </Button>
        )}
      </>
    );
  }
  const close = (
    <IconButton label={t('action.close')} className="!size-8" onPress={rest}>
      <X size={15} aria-hidden="true" />
    </IconButton>
  );
  if (state.step === 'failed') {
    const { error } = state;
    const text =
      error instanceof Cancelled
        ? t(error.hasBegun ? 'bulk.halted' : 'bulk.stopped')
        : error instanceof Error && error.message && error.constructor === Error
          ? error.message
          : problemText(error);
    return (
      <>
        <span role="alert" className="px-1 text-danger">
          {text}
        </span>
        {close}
      </>
    );
  }
  return (
    <>
      <span role="status" className="figures px-1">
        {state.stopped && `${t('bulk.halted')} `}
        {state.op === 'undo' && state.done === 0 && state.refused === 0
          ? t('bulk.nothing_undone')
          : t(`bulk.over.${state.op}`, { n: decimalText(state.done) })}
        {state.refused > 0 && (
          <span className="text-danger"> {t('bulk.refused', { n: decimalText(state.refused) })}</span>
        )}
      </span>
      {state.refusals.length > 0 && (
        <Button look="quiet" className="!h-8 !px-2" onPress={() => setReading(true)}>
          {t('bulk.reasons')}
        </Button>
      )}
      {state.op !== 'undo' && state.done > 0 && (
        <Button
          look="quiet"
          className="!h-8 !px-2 text-accent-ink"
          onPress={() => undo(state.changeset, state.done)}
        >
          <Undo2 size={14} aria-hidden="true" />
          {t('action.undo')}
        </Button>
      )}
      {close}
      {isReading && (
        <Suspense>
          <Refusals
            {...{ entity }}
            refusals={state.refusals}
            all={state.refused}
            onClose={() => setReading(false)}
          />
        </Suspense>
      )}
    </>
  );
}
