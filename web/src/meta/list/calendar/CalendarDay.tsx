// The days of a calendar and what stands on them.
import { CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { dateText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { type Contexts, fieldsOf } from '../../context';
import { marksOf } from '../../fields';
import { paths } from '../../paths';
import { timeOf } from './days';
import { titleText } from './useCalendar';

interface EventProps {
  entity: Entity;
  field: Field;
  contexts: Contexts;
  row: Row;
  peek: string | undefined;
  lifted: string | undefined;
  isTall?: boolean;
  /** On a phone: asks for another day. */
  onMove?(): void;
}

export function EventItem({ entity, field, contexts, row, peek, lifted, isTall, onMove }: EventProps) {
  const { t } = useTranslation();
  const state = fieldsOf(entity).get(entity.layout.kanban ?? '');
  const [mark] = (state && marksOf(row[state.key], { ...contexts, field: state })) ?? [];
  const time = timeOf(field, row[field.key], contexts.zone);
  const title = titleText(entity, row, contexts) || t('field.untitled');
  return (
    <li
      data-card={row.id}
      data-row=""
      data-id={row.id}
      data-dragged={lifted === row.id || undefined}
      className={cx(
        'board-event flex min-w-0 items-center gap-1.5 rounded-sm border px-1.5 text-meta',
        onMove ? 'min-h-11 bg-panel' : isTall ? 'min-h-8 bg-panel py-1' : 'h-6 bg-panel',
        peek === row.id ? 'border-accent' : 'border-line hover:border-line-strong/60',
      )}
    >
      {mark?.dot && <Dot color={mark.dot} className="!size-1.5" />}
      <a
        href={paths.record(entity.name, row.id)}
        data-event={row.id}
        className={cx(
          'min-w-0 flex-1 rounded-sm',
          isTall ? 'line-clamp-2 break-words' : 'truncate leading-6',
        )}
        data-tip-cut=""
      >
        {time && <span className="figures mr-1 text-ink-3">{time}</span>}
        {title}
        {mark && <span className="sr-only"> {mark.text}</span>}
      </a>
      {onMove && (
        <IconButton label={t('calendar.move')} onPress={onMove}>
          <CalendarClock size={16} aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}

export function DayNumber({ day, isOut, isToday }: { day: string; isOut: boolean; isToday: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        'figures grid size-6 shrink-0 place-items-center rounded-full text-meta',
        isToday ? 'bg-accent font-medium text-on-accent' : isOut ? 'text-ink-3' : 'text-ink-2',
      )}
    >
      {Number(day.slice(8))}
    </span>
  );
}

interface PhoneDayProps {
  day: string;
  count: number;
  isOut: boolean;
  isOn: boolean;
  isToday: boolean;
  contexts: Contexts;
  onPress(day: string): void;
}

export function PhoneDay({ day, count, isOut, isOn, isToday, contexts, onPress }: PhoneDayProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={t('calendar.day', { day: dateText(day, contexts), n: count })}
      onClick={() => onPress(day)}
      className={cx('flex flex-col items-center justify-center gap-0.5', isOn && 'rounded-md bg-pressed')}
    >
      <DayNumber {...{ day, isOut, isToday }} />
      <span className={cx('size-1.5 rounded-full', count > 0 ? 'bg-accent' : 'bg-transparent')} />
    </button>
  );
}
