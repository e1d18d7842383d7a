import { Link } from '@tanstack/react-router';
import { Ban, Ellipsis, Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { decimalText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { Menu } from '@/ui/Menu';
import { type Contexts, fieldsOf, may } from '../../context';
import { canEdit, marksOf, valueText } from '../../fields';
import { paths } from '../../paths';
import { BoardCard } from './BoardCard';
import { type Column, keyOf, type Way } from './columns';
import { type BoardQuery, useCards } from './useBoard';

export interface ColumnProps {
  entity: Entity;
  field: Field;
  sum: string;
  query: BoardQuery;
  column: Column;
  name: string;
  contexts: Contexts;
  peek: string | undefined;
  /** The card that is being moved, and what putting it here would mean. */
  lifted: string | undefined;
  way: Way | undefined;
  /** Why it cannot be put here; in words. */
  refusal: string;
  isOver: boolean;
  /** How many cards should be here at most. */
  limit: number | undefined;
  onLimit(): void;
  isPhone?: boolean;
  onRows?(key: string, rows: Row[]): void;
}

export function BoardColumn(props: ColumnProps) {
  const { entity, field, column, name, way, refusal, isOver, limit, onLimit } = props;
  const { t } = useTranslation();
  const key = keyOf(column.value);
  const isRefused = way?.kind === 'refused';
  const fits = way?.kind === 'patch' || way?.kind === 'act';
  const mayAdd = may(entity, 'create') && canEdit(field) && key !== '' && field.type !== 'switch';
  return (
    <section
      aria-label={name}
      data-column={key}
      className={cx(
        'relative flex h-full w-[272px] shrink-0 flex-col rounded-lg border transition-colors duration-100',
        fits && isOver ? 'border-accent bg-accent-wash' : 'border-transparent bg-sunken',
        fits && !isOver && 'border-dashed border-line-strong',
        isRefused && 'opacity-60',
        isRefused && isOver && 'opacity-100',
      )}
    >
      <header className="flex h-10 shrink-0 items-center gap-1.5 pr-1.5 pl-3">
        <ColumnName {...props} />
        {mayAdd && (
          <Link
            to={paths.create(entity.name)}
            search={{ [field.key]: key } as never}
            aria-label={t('board.add', { name })}
            data-tip={t('board.add', { name })}
            className="grid size-7 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
          >
            <Plus size={14} aria-hidden="true" />
          </Link>
        )}
        <Menu
          entries={[
            {
              id: 'limit',
              name: limit ? t('board.limit_change', { n: limit }) : t('board.limit_set'),
              onAction: onLimit,
            },
          ]}
        >
          <IconButton label={t('board.column_menu', { name })} className="!size-7">
            <Ellipsis size={14} aria-hidden="true" />
          </IconButton>
        </Menu>
      </header>
      <ColumnSum {...props} />
      <ColumnCards {...props} />
      {isRefused && isOver && (
        <div className="absolute inset-0 z-20 grid place-items-center rounded-lg bg-panel/85 p-4">
          <p className="flex flex-col items-center gap-2 text-center text-danger">
            <Ban size={18} aria-hidden="true" />
            {refusal}
          </p>
        </div>
      )}
    </section>
  );
}

/** Dot, name and how many; too many of a limit is said in words too. */
export function ColumnName(props: ColumnProps & { isTab?: boolean }) {
  const { field, column, name, contexts, limit, isTab } = props;
  const Heading = isTab ? 'span' : 'h2';
  const { t } = useTranslation();
  const [mark] = marksOf(column.value, { ...contexts, field }) ?? [];
  const isMany = limit !== undefined && column.count > limit;
  return (
    <Heading className="flex min-w-0 flex-1 items-center gap-1.5 font-medium">
      {mark?.dot && <Dot color={mark.dot} />}
      <span className="truncate" data-tip-cut="">
        {name}
      </span>
      <span
        className={cx(
          'figures shrink-0 rounded-full px-1.5 text-meta font-normal',
          isMany ? 'bg-danger-wash font-medium text-danger' : 'text-ink-3',
        )}
      >
        {limit === undefined
          ? decimalText(column.count)
          : t('board.of_limit', { n: decimalText(column.count), limit: decimalText(limit) })}
        {isMany && <span className="sr-only"> {t('board.over_limit')}</span>}
      </span>
    </Heading>
  );
}

/** What the cards of a column come to, one sum for each currency. */
export function ColumnSum({ entity, sum, column, contexts }: ColumnProps) {
  const field = fieldsOf(entity).get(sum);
  if (!field) return null;
  const texts = column.totals.flatMap(({ currency, values }) => {
    const value = values[0];
    if (value === null || value === undefined) return [];
    const row = currency ? { currency } : undefined;
    return valueText(value, { ...contexts, field, row });
  });
  return (
    <p className="figures -mt-1.5 h-5 shrink-0 truncate px-3 text-meta text-ink-3" data-tip-cut="">
      <span className="sr-only">{contexts.label(field.label)} </span>
      {texts.join(' · ')}
    </p>
  );
}

export function ColumnCards(props: ColumnProps) {
  const { entity, field, query, column, sum, contexts, peek, lifted, isPhone, onRows } = props;
  const { t } = useTranslation();
  const { rows, hasMore, isError, onMore } = useCards(entity, field, query, column);
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  const key = keyOf(column.value);
  useEffect(() => onRows?.(key, rows));
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when cards have come: what is in sight may need more
  useEffect(() => {
    const mark = end.current;
    if (!mark || !hasMore || isError) return;
    const seen = new IntersectionObserver(
      (list) => list.some((one) => one.isIntersecting) && more.current(),
      { root: mark.closest('[data-cards]'), rootMargin: '600px' },
    );
    seen.observe(mark);
    return () => seen.disconnect();
  }, [hasMore, isError, rows.length]);
  return (
    <div data-cards="" className="min-h-0 flex-1 overflow-y-auto px-2 pt-1 pb-2">
      {rows.length === 0 ? (
        <p className="px-1 py-6 text-center text-meta text-ink-3">{t('board.empty')}</p>
      ) : (
        <ul aria-label={props.name} className="flex flex-col gap-2">
          {rows.map((row, i) => (
            <BoardCard
              key={row.id}
              {...{ entity, row, sum, contexts, isPhone }}
              by={field.key}
              isFirst={isPhone || i === 0}
              isPeeked={peek === row.id}
              isLifted={lifted === row.id}
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <div ref={end} className="pt-2 text-center">
          <button
            type="button"
            tabIndex={isError ? 0 : -1}
            onClick={onMore}
            className="h-7 rounded-sm px-2 text-meta text-ink-3 hover:bg-hover"
          >
            {t(isError ? 'board.more_again' : 'board.more')}
          </button>
        </div>
      )}
    </div>
  );
}
