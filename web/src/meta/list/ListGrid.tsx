// The rows of a list. Only those in view exist; cells are plain elements, the kit
// stays out. What is edited is one editor that lies over its cell.
import './grid.css';
import {
  type CSSProperties,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { Waiting } from '@/ui/states';
import { type Contexts, fieldsOf, may } from '../context';
import { canEdit } from '../fields';
import { isSealed } from '../sealed';
import { isOpen } from '../settled';
import type { CellPlace } from './CellEditor';
import { type BodyHandle, GridBody } from './GridBody';
import { HeadCell } from './GridHead';
import { ListCards } from './ListCards';
import { plainLines } from './lines';
import type { RowPlan } from './rowParts';
import { choose, isChosen, nothing, type Selection } from './selection';
import { useCellErrors } from './useCellErrors';
import { useGridKeys } from './useGridKeys';
import { useRowHeight } from './useVirtualRows';
import { type ColumnWidths, gridTemplate, pickWidth } from './useWidths';

const CellEditor = lazy(() => import('./CellEditor'));

export interface ListGridProps {
  entity: Entity;
  columns: string[];
  rows: Row[];
  contexts: Contexts;
  sort: string | undefined;
  onSort(key: string, add?: boolean): void;
  isWaiting: boolean;
  isStale: boolean;
  hasMore: boolean;
  onMore(): void;
  /** The record that is looked at beside the list. */
  peek?: string;
  /** Looks at a record beside the list, or no more; lists that cannot leave it out. */
  onPeek?(id: string, toggle: boolean): void;
  /** What is chosen; lists in which nothing is chosen leave it out. */
  selection?: Selection;
  onSelect?(selection: Selection): void;
  /** On a phone the rows are being chosen, so a touch chooses. */
  isChoosing?: boolean;
  /** Given, columns can be pulled and cells edited. */
  widths?: ColumnWidths;
  /** The row under the last one, and how high it is. */
  totals?: ReactNode;
  totalsHeight?: number;
}

export function ListGrid(props: ListGridProps) {
  const isPhone = useIsPhone();
  return isPhone ? <ListCards {...props} /> : <Grid {...props} />;
}

function Grid(props: ListGridProps) {
  const { entity, columns, rows, contexts, sort, onSort, isWaiting, isStale, hasMore, onMore } = props;
  const { peek, onPeek, selection, onSelect, widths, totals } = props;
  const { t } = useTranslation();
  const hasPick = selection !== undefined;
  const plan = usePlan(entity, columns, contexts, hasPick, widths !== undefined);
  const { fields } = plan;
  const known = fieldsOf(entity);
  const lines = useMemo(() => plainLines(rows), [rows]);
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const body = useRef<BodyHandle>(null);
  const rowHeight = useRowHeight();
  const [edited, setEdited] = useState<CellPlace | null>(null);
  const errors = useCellErrors();
  const last = useRef(0);
  const pulled = widths?.pulled ?? noWidths;
  const template = gridTemplate(entity, columns, pulled, hasPick);

  function edit(index: number, key: string): boolean {
    const field = known.get(key);
    const row = rows[index];
    if (!widths || !field || !row || !canEdit(field) || !may(entity, 'update')) return false;
    if (isSealed(entity, row) || !isOpen(entity, row, key)) return false;
    const cell = body.current?.reveal(index)?.querySelector<HTMLElement>(`[data-cell="${key}"]`);
    if (!cell) return false;
    const place = { index, key, row, left: cell.offsetLeft, width: cell.offsetWidth };
    setEdited({ ...place, top: index * rowHeight + headHeight, height: rowHeight });
    return true;
  }

  /** The next cell in reading order that can be edited; forwards or back. */
  function editNext(from: CellPlace, step: 1 | -1) {
    const keys = fields.filter(canEdit).map((field) => field.key);
    let at = keys.indexOf(from.key) + step;
    let index = from.index;
    if (at < 0 || at >= keys.length) {
      index += step;
      at = step > 0 ? 0 : keys.length - 1;
    }
    const key = keys[at];
    if (!key || !rows[index]) return setEdited(null);
    focus(index, key);
    if (!edit(index, key)) setEdited(null);
  }

  const { focus } = useGridKeys(scroller, {
    count: lines.count,
    reveal: (index) => body.current?.reveal(index),
    peek: onPeek,
    choose:
      selection && onSelect
        ? (index, since) => {
            const [from, to] = since
              ? [Math.min(last.current, index), Math.max(last.current, index)]
              : [index, index];
            const id = rows[index]?.id ?? '';
            const ids = rows.slice(from, to + 1).map((row) => row.id);
            last.current = index;
            onSelect(choose(selection, ids, since || !isChosen(selection, id)));
          }
        : undefined,
    edit: widths && edit,
    escape: () => {
      if (!selection || selection === nothing || !onSelect) return false;
      onSelect(nothing);
      return true;
    },
  });

  const pull = useCallback(
    (key: string, width: number | null, isDone: boolean) => {
      if (isDone) return widths?.pull(key, width);
      // While it is pulled only the columns move, no row is drawn again.
      const now = gridTemplate(entity, columns, { ...pulled, [key]: width ?? 0 }, hasPick);
      grid.current?.style.setProperty('--columns', now.columns);
      grid.current?.style.setProperty('min-width', `${now.least}px`);
    },
    [entity, columns, pulled, hasPick, widths],
  );

  const style = { '--columns': template.columns, minWidth: template.least } as CSSProperties;
  const allChosen = selection?.all ? selection.ids.size === 0 : false;
  return (
    <ScrollArea boxRef={scroller} label={t('list.rows')} className="flex-1">
      <div ref={grid} className="relative flex min-h-full flex-col" style={style}>
        <div
          role={widths ? 'grid' : 'table'}
          aria-rowcount={hasMore ? -1 : rows.length + 1}
          aria-multiselectable={hasPick || undefined}
          aria-busy={isStale}
        >
          <div role="rowgroup" className="sticky top-0 z-20 border-b border-line bg-panel">
            <div role="row" className="grid h-8 items-stretch" style={headStyle}>
              {hasPick && (
                <div role="columnheader" className="sticky left-0 z-20 bg-panel">
                  <label className="grid size-full place-items-center">
                    <input
                      type="checkbox"
                      className="pick"
                      aria-label={t('list.choose_all')}
                      checked={allChosen}
                      ref={(box) => {
                        if (box) box.indeterminate = !allChosen && (selection.all || selection.ids.size > 0);
                      }}
                      onChange={() => onSelect?.(allChosen ? nothing : { all: true, ids: new Set() })}
                    />
                  </label>
                </div>
              )}
              {fields.map((field, i) => (
                <HeadCell
                  key={field.key}
                  stays={i === 0 ? (hasPick ? pickWidth : 0) : undefined}
                  {...{ field, sort, onSort }}
                  onPull={widths && pull}
                  name={contexts.label(field.label)}
                />
              ))}
            </div>
          </div>
          {isWaiting ? (
            <GridWaiting columns={fields.length + (hasPick ? 1 : 0)} />
          ) : (
            <GridBody
              handle={body}
              {...{ plan, lines, rowHeight, isStale }}
              above={headHeight}
              below={totals ? (props.totalsHeight ?? 0) : 0}
              stateOf={(id) => ({
                isChosen: selection ? isChosen(selection, id) : false,
                isPeeked: id === peek,
                errors: errors[id],
              })}
              onReach={(from, to) => {
                // Who scrolls finds the next rows there already; who only opens the list asks for no more.
                if (hasMore && to >= lines.count - (from > 0 ? 200 : 30)) onMore();
              }}
            />
          )}
        </div>
        {!isWaiting && totals}
        {edited && (
          <Suspense>
            <CellEditor
              key={`${edited.row.id} ${edited.key}`}
              {...{ entity, contexts }}
              place={{ ...edited, row: rows[edited.index] ?? edited.row }}
              onDone={(step) => {
                if (step) return editNext(edited, step);
                setEdited(null);
                focus(edited.index, edited.key);
              }}
            />
          </Suspense>
        )}
      </div>
    </ScrollArea>
  );
}

/** What all rows have in common; another one only when they have to be made anew. */
function usePlan(
  entity: Entity,
  columns: string[],
  contexts: Contexts,
  hasPick: boolean,
  hasCells: boolean,
): RowPlan {
  const keys = columns.join();
  return useMemo(() => {
    const known = fieldsOf(entity);
    const fields = keys.split(',').flatMap((key) => known.get(key) ?? []);
    return { entity, fields, contexts, hasPick, hasCells };
  }, [entity, keys, contexts, hasPick, hasCells]);
}

const noWidths = {};
const headHeight = 33;
const headStyle = { gridTemplateColumns: 'var(--columns)' };

function GridWaiting({ columns }: { columns: number }) {
  const bars = ['w-3/5', 'w-2/5', 'w-1/2', 'w-2/3'];
  return (
    <Waiting>
      {Array.from({ length: 12 }, (_, row) => row).map((row) => (
        <div key={row} className="grid h-(--row) items-center border-b border-line" style={headStyle}>
          {Array.from({ length: columns }, (_, column) => column).map((column) => (
            <div key={column} className={column === 0 ? 'px-3 pl-4' : 'px-3'}>
              <span className={cx('skeleton block h-2.5', bars[(row + column) % bars.length])} />
            </div>
          ))}
        </div>
      ))}
    </Waiting>
  );
}
