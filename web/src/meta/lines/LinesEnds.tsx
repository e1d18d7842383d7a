// What stands still around the lines of the grid: widths, names of columns, sums.
import { useMemo } from 'react';
import type { Field } from '@/api/types';
import { cx } from '@/ui/cx';
import type { Contexts } from '../context';
import { canEdit, isFigure, typeOf, valueText } from '../fields';
import { isSummed, keyOf, type Line, sumOf } from './lines';

interface EndProps {
  columns: Field[];
  contexts: Contexts;
}

/** The column of the lines' numbers, which they are moved by. */
export const gripWidth = 44;

/** How wide a column is at least, in pixels. */
/** Words and names give way, so that amounts of usual lines stand on a usual screen; what room is left is theirs. */
export const widthOf = (column: Field) =>
  column.type === 'text' || column.type === 'reference' ? 132 : Math.max(typeOf(column).width, 96);

export function GridColumns({ columns }: Pick<EndProps, 'columns'>) {
  return (
    <colgroup>
      <col style={{ width: gripWidth }} />
      {columns.map((one) => (
        <col key={one.key} style={{ width: widthOf(one) }} />
      ))}
    </colgroup>
  );
}

export function GridHead({ columns, contexts }: EndProps) {
  const { t } = contexts;
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="sticky left-0 z-1 border-r border-b border-line bg-sunken">
          <span className="sr-only">{t('lines.number')}</span>
        </th>
        {columns.map((one) => (
          <th
            key={one.key}
            scope="col"
            className={cx(
              'h-8 truncate border-r border-b border-line bg-sunken px-2 text-meta font-medium text-ink-2 last:border-r-0',
              isFigure(one) && 'text-right',
            )}
          >
            {contexts.label(one.label)}
            {one.required && canEdit(one) && (
              <span className="text-danger" aria-hidden="true">
                {' '}
                *
              </span>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface FootProps extends EndProps {
  lines: Line[];
  computed: Map<string, Record<string, unknown>>;
}

export function GridFoot({ columns, lines, computed, contexts }: FootProps) {
  const { t } = contexts;
  const totals = useMemo(
    () =>
      columns
        .filter(isSummed)
        .map(
          (one) =>
            [
              one.key,
              sumOf(
                lines.map((each) => (canEdit(one) ? each[one.key] : computed.get(keyOf(each))?.[one.key])),
              ),
            ] as const,
        ),
    [columns, lines, computed],
  );
  if (totals.length === 0 || lines.length === 0) return null;
  return (
    <tfoot>
      <tr className="bg-sunken font-medium">
        <th scope="row" className="sticky left-0 bg-sunken px-1 text-center text-meta text-ink-3">
          {t('lines.total')}
        </th>
        {columns.map((one) => {
          const total = totals.find(([key]) => key === one.key)?.[1];
          return (
            <td key={one.key} className="figures h-(--row) truncate px-2 text-right">
              {total !== undefined &&
                valueText(one.type === 'number' ? Number(total) : total, { ...contexts, field: one })}
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}
