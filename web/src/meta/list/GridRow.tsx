// One row of a list: plain elements only, so that thousands scroll smoothly.
import { memo } from 'react';
import type { Entity, Field, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import type { Contexts } from '../context';
import { isFigure, valueText } from '../fields';
import { CellValue } from '../fields/Value';
import { paths } from '../paths';
import { pickWidth } from './useWidths';

export interface GridRowProps {
  entity: Entity;
  fields: Field[];
  row: Row;
  contexts: Contexts;
  index: number;
  top: number;
  height: number;
  isPeeked: boolean;
  /** undefined: rows of this list are not chosen. */
  isChosen?: boolean;
  /** The cells can be focused and edited one by one; else the whole row is one link. */
  hasCells: boolean;
  /** What went wrong when this row was changed, by field. */
  errors?: Record<string, string>;
}

const nothing = () => {};

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { entity, fields, row, contexts, index, top, height, isPeeked, isChosen, hasCells, errors } = props;
  const to = paths.record(entity.name, row.id);
  const titleField = fields.find((field) => field.key === entity.title);
  const title =
    (titleField && valueText(row[entity.title], { ...contexts, field: titleField, row })) ||
    contexts.t('field.untitled');
  const left = isChosen === undefined ? 0 : pickWidth;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-row={index}
      data-id={row.id}
      className={cx(
        'group/row absolute inset-x-0 grid items-center border-b border-line',
        isPeeked || isChosen ? 'bg-accent-wash' : 'bg-panel hover:bg-hover focus-within:bg-hover',
      )}
      style={{ top: 0, height, transform: `translateY(${top}px)`, gridTemplateColumns: 'var(--columns)' }}
    >
      {isChosen !== undefined && (
        <div role="gridcell" className="sticky left-0 z-10 flex h-full bg-inherit">
          <label className="grid size-full place-items-center">
            <input
              type="checkbox"
              checked={isChosen}
              onChange={nothing}
              aria-label={contexts.t('list.choose', { name: title })}
              className={cx(
                'pick',
                !isChosen && 'opacity-0 group-hover/row:opacity-100 group-focus-within/row:opacity-100',
              )}
            />
          </label>
        </div>
      )}
      {!hasCells && (
        <a href={to} data-to tabIndex={-1} aria-hidden="true" className="absolute inset-0 cursor-default" />
      )}
      {fields.map((field, i) => {
        const isTitle = field.key === entity.title;
        const error = errors?.[field.key];
        return (
          <div
            key={field.key}
            role={hasCells ? 'gridcell' : 'cell'}
            data-cell={hasCells ? field.key : undefined}
            tabIndex={hasCells && !isTitle ? -1 : undefined}
            aria-invalid={error ? true : undefined}
            title={error}
            className={cx(
              'flex h-full min-w-0 items-center px-3 outline-none',
              hasCells ? 'focus-visible:shadow-[inset_0_0_0_2px_var(--accent-ink)]' : 'pointer-events-none',
              error && 'shadow-[inset_0_0_0_1px_var(--danger)]',
              isFigure(field) && 'figures justify-end',
              i === 0 && cx('sticky z-10 bg-inherit', left === 0 ? 'left-0 pl-4' : 'left-10 pl-2'),
              !isTitle && i > 0 && 'text-ink-2',
            )}
          >
            {isTitle ? (
              <a
                href={to}
                data-to
                className="pointer-events-auto truncate rounded-xs font-medium text-ink hover:underline hover:decoration-line-strong hover:underline-offset-3"
              >
                {title}
              </a>
            ) : (
              <span className="truncate [&>span]:max-w-full">
                <CellValue value={row[field.key]} context={{ ...contexts, field, row }} />
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
});
