// The rows of a list. Only those in view exist; cells are plain elements, the kit
// stays out. The title is the link of its row, a second one under the cells lets
// the whole row be pressed.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { Waiting } from '@/ui/states';
import { type Contexts, fieldsOf } from '../context';
import { isFigure, typeOf, valueText } from '../fields';
import { CellValue } from '../fields/Value';
import { paths } from '../paths';
import { ListCards } from './ListCards';
import { useListKeys } from './useListKeys';
import { useRowLinks } from './useRowLinks';
import { useVirtualRows } from './useVirtualRows';

export interface ListGridProps {
  entity: Entity;
  columns: string[];
  rows: Row[];
  contexts: Contexts;
  sort: string | undefined;
  onSort(key: string): void;
  isWaiting: boolean;
  isStale: boolean;
  hasMore: boolean;
  onMore(): void;
  /** The record that is looked at beside the list. */
  peek?: string;
  /** Looks at a record beside the list; lists that cannot leave it out. */
  onPeek?(id: string): void;
}

export function ListGrid(props: ListGridProps) {
  const isPhone = useIsPhone();
  return isPhone ? <ListCards {...props} /> : <Grid {...props} />;
}

function Grid({
  entity,
  columns,
  rows,
  contexts,
  sort,
  onSort,
  isWaiting,
  isStale,
  hasMore,
  onMore,
  peek,
  onPeek,
}: ListGridProps) {
  const { t } = useTranslation();
  const known = fieldsOf(entity);
  const fields = columns.flatMap((key) => known.get(key) ?? []);
  const widths = fields.map((field) => (field.key === entity.title ? 240 : typeOf(field).width));
  const template = widths.map((width) => `minmax(${width}px, ${width}fr)`).join(' ');
  const style = { gridTemplateColumns: template, minWidth: widths.reduce((sum, width) => sum + width, 0) };
  const { scroller, virtual, items, rowHeight } = useVirtualRows(rows.length, '--row', hasMore, onMore);
  useListKeys(scroller, onPeek);
  useRowLinks(scroller, onPeek);

  return (
    <ScrollArea boxRef={scroller} label={t('list.rows')} className="flex-1">
      <div
        role="table"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-busy={isStale}
        style={{ minWidth: style.minWidth }}
      >
        <div role="rowgroup" className="sticky top-0 z-20 border-b border-line bg-panel">
          <div role="row" className="grid h-8 items-stretch" style={style}>
            {fields.map((field, i) => (
              <HeadCell
                key={field.key}
                isFirst={i === 0}
                {...{ field, sort, onSort }}
                name={contexts.label(field.label)}
              />
            ))}
          </div>
        </div>
        {isWaiting ? (
          <GridWaiting columns={fields.length} style={style} />
        ) : (
          <div
            role="rowgroup"
            className={cx('relative', isStale && 'opacity-60')}
            style={{ height: virtual.getTotalSize() }}
          >
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <GridRow
                  key={row.id}
                  {...{ entity, fields, row, contexts, template }}
                  index={item.index}
                  isPeeked={row.id === peek}
                  top={item.start}
                  height={rowHeight}
                />
              );
            })}
          </div>
        )}
      </div>
    </ScrollArea>
  );
}

interface HeadCellProps {
  field: Field;
  name: string;
  isFirst: boolean;
  sort: string | undefined;
  onSort(key: string): void;
}

function HeadCell({ field, name, isFirst, sort, onSort }: HeadCellProps) {
  const main = sort?.split(',')[0] ?? '';
  const order = main === field.key ? 'ascending' : main === `-${field.key}` ? 'descending' : 'none';
  const Arrow = order === 'descending' ? ArrowDown : ArrowUp;
  const cell = cx('min-w-0 text-meta font-medium text-ink-3', isFirst && 'sticky left-0 z-10 bg-panel');
  const inside = cx(
    'flex h-full w-full min-w-0 items-center gap-1 pr-3',
    isFirst ? 'pl-4' : 'pl-3',
    isFigure(field) && 'flex-row-reverse',
  );
  if (!field.sortable) {
    return (
      <div role="columnheader" className={cell}>
        <span className={inside}>
          <span className="truncate">{name}</span>
        </span>
      </div>
    );
  }
  return (
    <div role="columnheader" aria-sort={order} className={cell}>
      <button
        type="button"
        onClick={() => onSort(field.key)}
        className={cx(
          inside,
          'hover:text-ink focus-visible:outline-offset-[-2px]',
          order !== 'none' && 'text-ink',
        )}
      >
        <span className="truncate">{name}</span>
        {order !== 'none' && <Arrow size={12} aria-hidden="true" className="shrink-0" />}
      </button>
    </div>
  );
}

interface GridRowProps {
  entity: Entity;
  fields: Field[];
  row: Row;
  contexts: Contexts;
  template: string;
  index: number;
  isPeeked: boolean;
  top: number;
  height: number;
}

const GridRow = memo(function GridRow({
  entity,
  fields,
  row,
  contexts,
  template,
  index,
  isPeeked,
  top,
  height,
}: GridRowProps) {
  const to = paths.record(entity.name, row.id);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      data-id={row.id}
      className={cx(
        'absolute inset-x-0 grid items-center border-b border-line hover:bg-hover has-[a:focus-visible]:bg-hover',
        isPeeked ? 'bg-accent-wash' : 'bg-panel',
      )}
      style={{ top: 0, height, transform: `translateY(${top}px)`, gridTemplateColumns: template }}
    >
      <a href={to} data-to tabIndex={-1} aria-hidden="true" className="absolute inset-0 cursor-default" />
      {fields.map((field, i) => (
        <div
          key={field.key}
          role="cell"
          className={cx(
            'pointer-events-none min-w-0 truncate px-3',
            isFigure(field) && 'figures text-right',
            i === 0
              ? 'sticky left-0 z-10 flex h-full items-center bg-inherit pl-4'
              : field.key !== entity.title && 'text-ink-2',
          )}
        >
          {field.key === entity.title ? (
            <a href={to} data-to className="pointer-events-auto truncate font-medium text-ink">
              {valueText(row[field.key], { ...contexts, field, row }) || contexts.t('field.untitled')}
            </a>
          ) : (
            <CellValue value={row[field.key]} context={{ ...contexts, field, row }} />
          )}
        </div>
      ))}
    </div>
  );
});

function GridWaiting({ columns, style }: { columns: number; style: object }) {
  const bars = ['w-3/5', 'w-2/5', 'w-1/2', 'w-2/3'];
  return (
    <Waiting>
      {Array.from({ length: 12 }, (_, row) => row).map((row) => (
        <div key={row} className="grid h-(--row) items-center border-b border-line" style={style}>
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
