// A list as a calendar: records on the day that one of their fields names. Fetched
// when a calendar is first shown.
import '../board/board.css';
import { useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { lazy, type MouseEvent, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { addDays, addMonths, isDate, today as todayIn } from '@/lib/dates';
import { dateText } from '@/lib/format';
import { useIsPhone } from '@/lib/media';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Segmented } from '@/ui/Segmented';
import { type Contexts, fieldsOf } from '../../context';
import { type ListQuery, records } from '../../data';
import { ProblemNotice } from '../../ProblemNotice';
import { useDrag } from '../board/useDrag';
import type { Shape } from '../query';
import { DayNumber, EventItem, PhoneDay } from './CalendarDay';
import { byDay, weeksOf } from './days';
import { useDayMove, useDays } from './useCalendar';

const ActionDialog = lazy(() => import('../../record/ActionDialog'));

interface CalendarPlaceProps {
  entity: Entity;
  shape: Shape;
  query: ListQuery;
  contexts: Contexts;
  isKnown: boolean;
  /** A day on show; today without. */
  at: string | undefined;
  onAt(day: string): void;
  onShape(shape: Partial<Shape>): void;
  /** Shows the records of one day as a list. */
  onDay(day: string): void;
  peek: string | undefined;
  onPeek?(id: string, toggle: boolean): void;
  onCount(count: number | undefined): void;
}

/** What of a day stands in the cell of a month. */
const shownOfDay = 3;

export default function CalendarPlace(props: CalendarPlaceProps) {
  const { entity, shape, contexts, peek, onPeek, onAt, onCount } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const zone = contexts.zone;
  const today = todayIn(zone);
  const at = props.at && isDate(props.at) ? props.at : today;
  const span = isPhone ? 'month' : shape.span;
  const weeks = weeksOf(span, at);
  const field = fieldsOf(entity).get(shape.by) as Field;
  const { rows, counts, isPending: isWaiting, error, refetch } = useDays(props, weeks);
  const days = byDay(rows, field, zone);
  const box = useRef<HTMLDivElement>(null);
  const [lifted, setLifted] = useState<{ row: Row; over: string | null } | null>(null);
  const { move, asked, ask, answered, mayMove } = useDayMove(entity, field, contexts);
  const total = isWaiting ? undefined : [...counts.values()].reduce((sum, n) => sum + n, 0);
  useEffect(() => onCount(total), [onCount, total]);

  useDrag(
    box,
    {
      start(id) {
        const row = rows.find((one) => one.id === id);
        if (row && mayMove) setLifted({ row, over: null });
      },
      over: (key) => setLifted((old) => old && { ...old, over: key }),
      end(key) {
        if (lifted && key) void move(lifted.row, key);
        setLifted(null);
      },
    },
    !isPhone && mayMove,
  );

  function press(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-event]');
    const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isOwn) return;
    event.preventDefault();
    if (onPeek && event.detail === 1) onPeek(link.dataset.event ?? '', false);
    else void navigate({ to: link.getAttribute('href') ?? '/' });
  }

  /** m asks for another day, Space looks at the record, Shift with an arrow moves it by days and weeks. */
  function keys(event: React.KeyboardEvent) {
    const id = (event.target as Element).closest<HTMLElement>('[data-event]')?.dataset.event;
    const row = rows.find((one) => one.id === id);
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && onPeek) onPeek(row.id, true);
    else if (event.key === 'm' && mayMove) ask(row);
    else if (event.shiftKey && steps[event.key] && mayMove) {
      const day = [...days].find(([, list]) => list.includes(row))?.[0];
      if (day) void move(row, addDays(day, steps[event.key] ?? 0));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const go = (by: number) => onAt(span === 'week' ? addDays(at, 7 * by) : addMonths(at, by));
  const cell = { entity, field, contexts, peek, lifted: lifted?.row.id };
  if (error)
    return (
      <div className="p-4">
        <ProblemNotice error={error} retry={refetch} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for the links inside
    <div
      onClick={press}
      onKeyDown={keys}
      className="flex min-h-0 flex-1 flex-col"
      aria-busy={isWaiting || undefined}
    >
      <div className="flex h-12 shrink-0 items-center gap-1.5 px-3">
        <IconButton label={t(`calendar.back_${span}`)} onPress={() => go(-1)}>
          <ChevronLeft size={16} aria-hidden="true" />
        </IconButton>
        <IconButton label={t(`calendar.on_${span}`)} onPress={() => go(1)}>
          <ChevronRight size={16} aria-hidden="true" />
        </IconButton>
        <h2 aria-live="polite" className="figures mx-1 text-[14px]/[20px] font-semibold">
          {span === 'week' ? weekOf(weeks[0] ?? [at], contexts.locale) : titleOf(at, contexts.locale)}
        </h2>
        <Button look="quiet" onPress={() => onAt(today)}>
          {t('calendar.today')}
        </Button>
        <div className="ml-auto">
          {!isPhone && (
            <Segmented
              label={t('calendar.span')}
              hideLabel
              items={(['month', 'week'] as const).map((id) => ({ id, name: t(`calendar.spans.${id}`) }))}
              value={span === 'week' ? 'week' : 'month'}
              onChange={(next) => props.onShape({ span: next })}
            />
          )}
        </div>
      </div>
      <div
        aria-hidden="true"
        className="grid shrink-0 grid-cols-7 border-b border-line text-center text-meta text-ink-3"
      >
        {weeks[0]?.map((day) => (
          <span key={day} className="pb-1.5">
            {weekdayOf(day, contexts.locale)}
          </span>
        ))}
      </div>
      <div
        ref={box}
        className={cx('grid min-h-0 grid-cols-7 overflow-y-auto', isPhone ? 'shrink-0' : 'flex-1')}
        style={{ gridAutoRows: isPhone ? '48px' : `minmax(${span === 'week' ? '0' : '112px'}, 1fr)` }}
      >
        {weeks.flat().map((day) => {
          const list = days.get(day) ?? [];
          const count = Math.max(counts.get(day) ?? 0, list.length);
          const isOut = span === 'month' && !day.startsWith(at.slice(0, 7));
          if (isPhone)
            return (
              <PhoneDay
                key={day}
                {...{ day, count, isOut }}
                isOn={day === at}
                isToday={day === today}
                onPress={onAt}
                contexts={contexts}
              />
            );
          const shown =
            span === 'week' ? list : list.slice(0, count > shownOfDay ? shownOfDay - 1 : shownOfDay);
          return (
            <section
              key={day}
              data-column={day}
              aria-label={dateText(day, contexts)}
              className={cx(
                'flex min-h-0 min-w-0 flex-col gap-0.5 border-r border-b border-line p-1 [&:nth-child(7n)]:border-r-0',
                isOut && 'bg-sunken',
                lifted?.over === day && 'bg-accent-wash',
                span === 'week' ? 'overflow-y-auto' : 'overflow-hidden',
              )}
            >
              <DayNumber {...{ day, isOut }} isToday={day === today} />
              <ul className="flex min-w-0 flex-col gap-0.5">
                {shown.map((row) => (
                  <EventItem key={row.id} {...cell} row={row} isTall={span === 'week'} />
                ))}
              </ul>
              {count > shown.length && (
                <button
                  type="button"
                  onClick={() => props.onDay(day)}
                  className="h-6 shrink-0 truncate rounded-sm px-1.5 text-left text-meta text-ink-3 hover:bg-hover hover:text-ink"
                >
                  {t('calendar.more', { n: count - shown.length })}
                </button>
              )}
            </section>
          );
        })}
      </div>
      {isPhone && (
        <section
          aria-label={dateText(at, contexts)}
          className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-sunken p-2"
        >
          {(days.get(at) ?? []).length === 0 && !isWaiting && (
            <p className="py-8 text-center text-meta text-ink-3">{t('calendar.nothing')}</p>
          )}
          <ul className="flex flex-col gap-1.5">
            {(days.get(at) ?? []).map((row) => (
              <EventItem
                key={row.id}
                {...cell}
                row={row}
                isTall
                onMove={mayMove ? () => ask(row) : undefined}
              />
            ))}
          </ul>
        </section>
      )}
      {asked && (
        <Suspense>
          <ActionDialog
            entity={entity}
            row={asked}
            title={t('calendar.move')}
            action={{ name: '', label: null, bulk: false, input: [field] }}
            given={{ [field.key]: asked[field.key] }}
            send={(values) => records.change(entity.name, asked.id, asked.version, values)}
            onDone={(answer) => answered(asked, answer)}
            onClose={() => answered()}
          />
        </Suspense>
      )}
    </div>
  );
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function titleOf(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

/** From its first day to its last: 2026年11月23日 – 29日. */
function weekOf(days: string[], locale: string): string {
  const [first = 0, last = 0] = [days[0], days.at(-1)].map((day) => Date.parse(`${day}T00:00:00Z`));
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  // In Chinese the kit of the browser writes a stretch of days with slashes.
  if (locale !== 'zh-CN') return long.formatRange(first, last);
  const [from, to] = [long.formatToParts(first), long.formatToParts(last)];
  const differs = to.findIndex((part, i) => part.value !== from[i]?.value);
  const text = (parts: Intl.DateTimeFormatPart[]) => parts.map((part) => part.value).join('');
  return `${text(from)} – ${text(to.slice(differs))}`;
}

function weekdayOf(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}
