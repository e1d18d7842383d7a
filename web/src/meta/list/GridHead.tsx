// The names of the columns: a press sorts, with Shift it sorts by one more; the
// edge pulls the width, with the arrow keys too.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, memo, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { cx } from '@/ui/cx';
import { isFigure } from '../fields';
import { leastWidth, mostWidth } from './useWidths';

interface HeadCellProps {
  field: Field;
  name: string;
  /** Distance from the left where the cell stays when the list is scrolled sideways. */
  stays?: number;
  sort: string | undefined;
  onSort(key: string, add: boolean): void;
  /** Lists whose widths are fixed leave it out. */
  onPull?(key: string, width: number | null, isDone: boolean): void;
}

export const HeadCell = memo(function HeadCell(props: HeadCellProps) {
  const { field, name, stays, sort, onSort, onPull } = props;
  const { t } = useTranslation();
  const cell = useRef<HTMLDivElement>(null);
  const parts = sort?.split(',') ?? [];
  const at = parts.findIndex((part) => part.replace(/^-/, '') === field.key);
  const order = at < 0 ? 'none' : parts[at]?.startsWith('-') ? 'descending' : 'ascending';
  const Arrow = order === 'descending' ? ArrowDown : ArrowUp;
  const inside = cx(
    'flex h-full w-full min-w-0 items-center gap-1 pr-3',
    stays === undefined ? 'pl-3' : stays === 0 ? 'pl-4' : 'pl-2',
    isFigure(field) && 'flex-row-reverse',
  );
  return (
    <div
      ref={cell}
      role="columnheader"
      aria-sort={at === 0 ? order : undefined}
      className={cx(
        'group/head relative min-w-0 text-meta font-medium text-ink-3',
        stays !== undefined && 'head-stays sticky z-20 bg-panel',
      )}
      style={{ left: stays }}
    >
      {field.sortable ? (
        <button
          type="button"
          onClick={(event) => onSort(field.key, event.shiftKey)}
          className={cx(
            inside,
            'hover:text-ink focus-visible:outline-offset-[-2px]',
            order !== 'none' && 'text-ink',
          )}
        >
          <span className="truncate">{name}</span>
          {order !== 'none' && <Arrow size={12} aria-hidden="true" className="shrink-0" />}
          {parts.length > 1 && at >= 0 && <span className="figures shrink-0">{at + 1}</span>}
        </button>
      ) : (
        <span className={inside}>
          <span className="truncate">{name}</span>
        </span>
      )}
      {onPull && (
        <Edge
          label={t('list.width', { name })}
          width={() => cell.current?.offsetWidth ?? leastWidth}
          onPull={(width, isDone) => onPull(field.key, width, isDone)}
        />
      )}
    </div>
  );
});

interface EdgeProps {
  label: string;
  width(): number;
  onPull(width: number | null, isDone: boolean): void;
}

const within = (width: number) => Math.min(mostWidth, Math.max(leastWidth, width));

function Edge({ label, width, onPull }: EdgeProps) {
  const from = useRef<{ x: number; width: number } | null>(null);
  function move(event: PointerEvent, isDone: boolean) {
    if (!from.current) return;
    onPull(within(from.current.width + event.clientX - from.current.x), isDone);
    if (isDone) from.current = null;
  }
  function press(event: KeyboardEvent) {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (event.key !== 'Enter' && !step) return;
    event.preventDefault();
    event.stopPropagation();
    onPull(step ? within(width() + step) : null, true);
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuemin={leastWidth}
      aria-valuemax={mostWidth}
      aria-valuenow={leastWidth}
      onFocus={(event) => event.currentTarget.setAttribute('aria-valuenow', String(width()))}
      onKeyDown={press}
      onDoubleClick={() => onPull(null, true)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: width() };
      }}
      onPointerMove={(event) => move(event, false)}
      onPointerUp={(event) => {
        if (from.current && event.clientX !== from.current.x) move(event, true);
        from.current = null;
      }}
      className="absolute top-0 right-0 z-10 h-full w-2 touch-none cursor-col-resize after:absolute after:top-1.5 after:right-0 after:bottom-1.5 after:w-px after:bg-line hover:after:w-0.5 hover:after:bg-accent focus-visible:outline-none focus-visible:after:w-0.5 focus-visible:after:bg-accent max-desk:hidden"
    />
  );
}
