// A plain table for some hundred rows at most: settings, reports, previews. Lists
// of records have their own grid (meta/list).
import type { ReactNode } from 'react';
import { cx } from './cx';
import { ScrollArea } from './ScrollArea';

export interface Column<T> {
  key: string;
  name: string;
  cell(row: T): ReactNode;
  /** Figures stand at the right, in digits of one width. */
  isFigure?: boolean;
  /** A CSS length; else as wide as its content. */
  width?: string;
  /** The name is only read out (columns of buttons). */
  hideName?: boolean;
  /** Not on a phone. */
  isExtra?: boolean;
}

interface TableProps<T> {
  /** What is in it; read out. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey(row: T): string;
  /** Stands in place of the rows when there are none. */
  empty?: ReactNode;
  /** Rows that are off or done. */
  isFaded?(row: T): boolean;
  /** Many columns: less room between them. */
  isDense?: boolean;
  className?: string;
}

export function Table<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, empty, isFaded, isDense, className } = props;
  const cellClass = (column: Column<T>) =>
    cx(
      isDense ? 'px-2' : 'px-3',
      column.isFigure && 'figures text-right',
      column.isExtra && 'max-desk:hidden',
    );
  return (
    <ScrollArea label={label} className={cx('rounded-md border border-line', className)}>
      <table className="w-full border-separate border-spacing-0 text-left">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={{ width: column.width }}
                className={cx(
                  'sticky top-0 z-1 h-8 border-b border-line bg-sunken text-meta font-medium text-ink-3',
                  // Where many columns stand close, a name of two words may take two lines.
                  isDense ? 'break-keep' : 'whitespace-nowrap',
                  cellClass(column),
                )}
              >
                {column.hideName ? <span className="sr-only">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={cx('group/row', isFaded?.(row) && 'text-ink-3')}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={cx(
                    'h-(--row) border-b border-line py-1 group-last/row:border-b-0 group-hover/row:bg-hover',
                    column.isFigure && 'whitespace-nowrap',
                    cellClass(column),
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </ScrollArea>
  );
}
