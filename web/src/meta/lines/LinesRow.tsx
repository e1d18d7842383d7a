// One line of the grid: plain elements only, so that a thousand of them stay quick.
import { memo, useState } from 'react';
import type { Field } from '@/api/types';
import { cx } from '@/ui/cx';
import { wholeText } from '@/ui/tip';
import type { Contexts } from '../context';
import { canEdit, isEmpty, isFigure, typeOf } from '../fields';
import { CellValue } from '../fields/Value';
import { isRaw, keyOf, type Line } from './lines';
import { cellText, isSought, isTyped, typedText } from './read';

export interface LinesRowProps {
  columns: Field[];
  line: Line;
  index: number;
  /** What the server computes of the line. */
  computed: Record<string, unknown> | undefined;
  contexts: Contexts;
  /** The column of the cell that has focus, -1 for none. */
  active: number;
  /** The columns that are chosen, from and to; -1 for none. */
  from: number;
  to: number;
  /** What is being typed into the active cell; null while nobody types. */
  typed: string | null;
  isOpen: boolean;
  /** The row for a new line, at the end. */
  isNew: boolean;
  isDropping: boolean;
  errors: Record<string, string>;
  onType(text: string): void;
  onLeave(): void;
  /** Hanzi were composed in a cell whose value is searched for. */
  onSeek(text: string): void;
}

export const LinesRow = memo(function LinesRow(props: LinesRowProps) {
  const { columns, line, index, contexts, active, isNew, isDropping } = props;
  const { t } = contexts;
  return (
    <tr
      aria-rowindex={index + 2}
      data-line={index}
      className={cx('group/line', isDropping && '[&>*]:border-t-2 [&>*]:border-t-accent-ink')}
    >
      <th
        scope="row"
        draggable={!isNew}
        data-grip={isNew ? undefined : index}
        className={cx(
          'figures sticky left-0 z-1 border-r border-b border-line bg-sunken px-1 text-center text-meta font-normal text-ink-3 select-none',
          !isNew && 'cursor-grab',
        )}
      >
        {isNew ? <span aria-hidden="true">+</span> : index + 1}
        {isNew && <span className="sr-only">{t('lines.add')}</span>}
      </th>
      {columns.map((column, i) => (
        <LineCell
          key={column.key}
          {...props}
          column={column}
          place={i}
          isActive={i === active}
          isChosen={i >= props.from && i <= props.to}
          error={props.errors[`${keyOf(line)}.${column.key}`]}
        />
      ))}
    </tr>
  );
});

interface LineCellProps extends LinesRowProps {
  column: Field;
  place: number;
  isActive: boolean;
  isChosen: boolean;
  error: string | undefined;
}

function LineCell(props: LineCellProps) {
  const { column, place, line, index, contexts, isActive, isChosen, isOpen, error, computed } = props;
  const figure = isFigure(column);
  const isFixed = !canEdit(column);
  const name = contexts.t('lines.cell', { column: contexts.label(column.label), n: index + 1 });
  const value = isFixed && computed ? computed[column.key] : line[column.key];
  const isHeld = isActive && !isOpen && !isFixed;
  const hasInput = isHeld && isTyped(column);
  const isComposed = isHeld && isSought(column);
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: so that its state may be told
      role="gridcell"
      aria-colindex={place + 2}
      aria-readonly={isFixed || undefined}
      aria-invalid={error ? true : undefined}
      aria-selected={isChosen}
      aria-label={isActive && !hasInput && !isComposed ? `${name}${error ? ` ${error}` : ''}` : undefined}
      tabIndex={isActive && !hasInput && !isComposed ? 0 : undefined}
      data-spot={`${index}.${place}`}
      data-tip={error}
      className={cx(
        'relative h-(--row) border-r border-b border-line p-0 outline-offset-[-2px] last:border-r-0',
        isChosen ? 'bg-accent-wash' : isFixed ? 'bg-sunken' : 'group-hover/line:bg-hover',
        isActive &&
          'focus:outline-2 focus:outline-accent-ink focus-within:outline-2 focus-within:outline-accent-ink',
        error && 'shadow-[inset_0_0_0_1px_var(--danger)]',
      )}
    >
      {hasInput ? (
        <TypedCell {...props} name={name} value={value} figure={figure} />
      ) : (
        <span
          {...wholeText}
          className={cx('block truncate px-2', figure && 'figures text-right', error && 'text-danger')}
        >
          <CellText {...{ column, line, contexts, value }} />
        </span>
      )}
      {isComposed && <SoughtCell {...props} name={name} />}
    </td>
  );
}

function CellText({
  column,
  line,
  contexts,
  value,
}: Pick<LineCellProps, 'column' | 'line' | 'contexts'> & { value: unknown }) {
  if (isRaw(value)) return value.raw;
  if (isEmpty(value) || (column.type === 'switch' && value === false)) return ' ';
  return <CellValue value={value} context={{ ...contexts, field: column, row: line }} />;
}

function TypedCell(props: LineCellProps & { name: string; value: unknown; figure: boolean }) {
  const { column, line, contexts, value, typed, name, figure, error, onType, onLeave } = props;
  const plain = typedText(value);
  const shown =
    typed ??
    (isRaw(value) || isEmpty(value) || !plain || typeOf(column).isFigure
      ? plain
      : textOf(column, value, contexts, line));
  return (
    <input
      aria-label={name}
      aria-invalid={error ? true : undefined}
      inputMode={figure ? 'decimal' : column.type === 'phone' ? 'tel' : undefined}
      className={cx(
        'size-full min-w-0 bg-transparent px-2 outline-none',
        figure && 'figures text-right',
        error && 'text-danger',
      )}
      value={shown}
      autoComplete="off"
      onChange={(event) => onType(event.target.value)}
      onBlur={onLeave}
    />
  );
}

/**
 * Over the value of a cell whose records are searched for: hanzi are composed only
 * in a field. Its letters are those of the value, and are not seen until then.
 */
function SoughtCell({ column, line, contexts, name, error, onSeek }: LineCellProps & { name: string }) {
  const [composed, setComposed] = useState<string | null>(null);
  function seek(text: string) {
    setComposed(null);
    if (text.trim() !== '') onSeek(text);
  }
  return (
    <input
      aria-label={name}
      aria-invalid={error ? true : undefined}
      className={cx(
        'absolute inset-0 size-full cursor-default px-2 outline-none',
        composed === null ? 'opacity-0' : 'bg-raised',
      )}
      value={composed ?? cellText(column, line, contexts)}
      autoComplete="off"
      onChange={(event) =>
        (event.nativeEvent as InputEvent).isComposing
          ? setComposed(event.target.value)
          : seek(event.target.value)
      }
      onCompositionEnd={(event) => seek(event.currentTarget.value)}
      onBlur={() => setComposed(null)}
    />
  );
}

/** Dates and the like stand as they are read; everything else as it is typed. */
function textOf(column: Field, value: unknown, contexts: Contexts, line: Line): string {
  if (typeof value === 'object')
    return typeOf(column).text(value as never, { ...contexts, field: column, row: line });
  return String(value);
}
