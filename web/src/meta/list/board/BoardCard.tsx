import { Ellipsis } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Ref, Row } from '@/api/types';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { type Contexts, fieldsOf } from '../../context';
import { isEmpty, valueText } from '../../fields';
import { CellValue } from '../../fields/Value';
import { paths } from '../../paths';
import { shownOn } from './columns';

interface CardProps {
  entity: Entity;
  row: Row;
  by: string;
  sum: string;
  contexts: Contexts;
  /** Its link can be reached by Tab; the others by the arrows. */
  isFirst: boolean;
  isPeeked: boolean;
  isLifted: boolean;
  /** On a phone the whole card is wider and its button always there. */
  isPhone?: boolean;
}

/** One record of a board: its name, what the layout names, whose it is and the figure. */
export const BoardCard = memo(function BoardCard(props: CardProps) {
  const { entity, row, by, sum, contexts, isFirst, isPeeked, isLifted, isPhone } = props;
  const { t } = useTranslation();
  const known = fieldsOf(entity);
  const title = known.get(entity.title);
  const name =
    (title && valueText(row[title.key], { ...contexts, field: title, row })) || t('field.untitled');
  const shown = shownOn(entity, by, sum).flatMap((key) => known.get(key) ?? []);
  const who = shown.find((field) => field.type === 'member');
  const member = who ? (row[who.key] as Ref | null) : null;
  const lines = shown.filter((field) => field !== who && !isEmpty(row[field.key]));
  const figure = known.get(sum);
  const amount = figure && !isEmpty(row[sum]) ? valueText(row[sum], { ...contexts, field: figure, row }) : '';
  return (
    <li
      data-card={row.id}
      data-row=""
      data-id={row.id}
      data-dragged={isLifted || undefined}
      className={cx(
        'board-card group relative flex flex-col gap-1 rounded-md border bg-panel px-3 py-2.5',
        isPeeked ? 'border-accent' : 'border-line hover:border-line-strong/60',
      )}
    >
      <div className={cx('flex items-start gap-1', isPhone ? 'pr-9' : 'pr-5')}>
        <a
          href={paths.record(entity.name, row.id)}
          tabIndex={isFirst ? 0 : -1}
          className={cx(
            'min-w-0 font-medium break-words after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent-ink',
            isPhone ? 'text-[15px]/[22px]' : 'line-clamp-2',
          )}
        >
          {name}
        </a>
      </div>
      {lines.length > 0 && (
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-0.5 text-meta text-ink-3">
          {lines.slice(0, 3).map((field) => (
            <span key={field.key} className="flex max-w-full min-w-0 items-center truncate">
              <span className="sr-only">{contexts.label(field.label)} </span>
              <span className="truncate">
                <CellValue value={row[field.key]} context={{ ...contexts, field, row }} />
              </span>
            </span>
          ))}
        </div>
      )}
      {(amount || member?.label) && (
        <div className="flex min-w-0 items-center justify-between gap-2 text-meta text-ink-2">
          <span className="figures truncate">{amount}</span>
          {member?.label && (
            <span className="flex min-w-0 items-center gap-1.5">
              <Avatar name={member.label} size={20} />
              <span className="truncate">{member.label}</span>
            </span>
          )}
        </div>
      )}
      <button
        type="button"
        data-card-menu=""
        tabIndex={isPhone ? 0 : -1}
        aria-label={t('board.menu', { name })}
        aria-haspopup="menu"
        className={cx(
          'absolute top-1.5 right-1.5 z-10 grid place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink',
          isPhone
            ? 'size-10'
            : 'size-6 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:size-9 pointer-coarse:opacity-100',
        )}
      >
        <Ellipsis size={15} aria-hidden="true" />
      </button>
    </li>
  );
});
