// A month of days to pick from: weeks begin on Monday, their numbers are shown to
// those who want them. Arrows go by days and weeks, PageUp and PageDown by months,
// with Shift by years, Home and End to the ends of the week.
import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, addMonths, isoWeek, monthStart, monthWeeks, weekday, weekStart } from '@/lib/dates';
import { useShell } from '@/lib/shell';
import { IconButton } from './Button';
import { cx } from './cx';

interface CalendarProps {
  label: string;
  /** The day it is. */
  today: string;
  /** The chosen days, both ends included; both the same for one day. */
  from: string | null;
  to: string | null;
  onPick(date: string): void;
  /** Told of the day under pointer or focus: a span that is being chosen shows its end there. */
  onNear?(date: string): void;
  /** The month that is shown; kept inside unless it is given. */
  month?: string;
  onMonth?(month: string): void;
  autoFocus?: boolean;
}

const steps: Record<string, (date: string, shift: boolean) => string> = {
  ArrowLeft: (date) => addDays(date, -1),
  ArrowRight: (date) => addDays(date, 1),
  ArrowUp: (date) => addDays(date, -7),
  ArrowDown: (date) => addDays(date, 7),
  Home: (date) => weekStart(date),
  End: (date) => addDays(weekStart(date), 6),
  PageUp: (date, shift) => addMonths(date, shift ? -12 : -1),
  PageDown: (date, shift) => addMonths(date, shift ? 12 : 1),
};

export function Calendar(props: CalendarProps) {
  const { label, today, from, to, onPick, onNear, autoFocus } = props;
  const locale = useShell((shell) => shell.locale);
  const [at, setAt] = useState(from ?? today);
  const [ownMonth, setOwnMonth] = useState(monthStart(from ?? today));
  const month = props.month ?? ownMonth;
  const setMonth = (next: string) => {
    setOwnMonth(next);
    props.onMonth?.(next);
  };
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(autoFocus);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${at}"]`)?.focus();
  }, [at]);

  const keys = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = step(at, event.shiftKey);
    moved.current = true;
    setAt(next);
    onNear?.(next);
    if (monthStart(next) !== month) setMonth(monthStart(next));
  };
  const inside = at.startsWith(month.slice(0, 7)) ? at : month;
  return (
    <div className="w-fit">
      <MonthBar month={month} onMonth={setMonth} />
      <table ref={grid} aria-label={label} onKeyDown={keys} className="border-collapse">
        <WeekdayNames locale={locale} />
        <tbody>
          {monthWeeks(month).map((week) => (
            <tr key={week[0]}>
              <WeekNumber date={week[0] ?? month} />
              {week.map((date) => (
                <Day
                  key={date}
                  date={date}
                  name={dayName(date, locale)}
                  isOutside={!date.startsWith(month.slice(0, 7))}
                  isToday={date === today}
                  isEnd={date === from || date === to}
                  isBetween={from !== null && to !== null && date > from && date < to}
                  isTabStop={date === inside}
                  onPick={onPick}
                  onNear={onNear}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MonthBar({ month, onMonth }: { month: string; onMonth(month: string): void }) {
  const { t } = useTranslation();
  const locale = useShell((shell) => shell.locale);
  const title = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const go = (months: number) => onMonth(addMonths(month, months));
  const small = '!size-7';
  return (
    <div className="flex items-center pb-1">
      <IconButton className={small} label={t('date.previous_year')} onPress={() => go(-12)}>
        <ChevronsLeft size={15} aria-hidden="true" />
      </IconButton>
      <IconButton className={small} label={t('date.previous_month')} onPress={() => go(-1)}>
        <ChevronLeft size={15} aria-hidden="true" />
      </IconButton>
      <span aria-live="polite" className="figures flex-1 text-center font-medium">
        {title.format(Date.parse(month))}
      </span>
      <IconButton className={small} label={t('date.next_month')} onPress={() => go(1)}>
        <ChevronRight size={15} aria-hidden="true" />
      </IconButton>
      <IconButton className={small} label={t('date.next_year')} onPress={() => go(12)}>
        <ChevronsRight size={15} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

function WeekdayNames({ locale }: { locale: string }) {
  const { t } = useTranslation();
  const weeks = useShell((shell) => shell.weekNumbers);
  const long = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const short = new Intl.DateTimeFormat(locale, {
    weekday: locale === 'en' ? 'short' : 'narrow',
    timeZone: 'UTC',
  });
  // 2024-01-01 was a Monday.
  const days = [1, 2, 3, 4, 5, 6, 7].map((n) => Date.UTC(2024, 0, n));
  return (
    <thead>
      <tr className="text-meta text-ink-3">
        {weeks && (
          <th scope="col" className="h-7 w-8 font-normal">
            {t('date.week')}
          </th>
        )}
        {days.map((day) => (
          <th key={day} scope="col" abbr={long.format(day)} className="h-7 w-8 font-normal">
            {locale === 'en' ? short.format(day).slice(0, 2) : short.format(day)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function WeekNumber({ date }: { date: string }) {
  const { t } = useTranslation();
  const weeks = useShell((shell) => shell.weekNumbers);
  if (!weeks) return null;
  return (
    <th scope="row" className="figures border-r border-line pr-1 text-meta font-normal text-ink-3">
      <span className="sr-only">{t('date.week')} </span>
      {isoWeek(date)}
    </th>
  );
}

interface DayProps {
  date: string;
  name: string;
  isOutside: boolean;
  isToday: boolean;
  isEnd: boolean;
  isBetween: boolean;
  isTabStop: boolean;
  onPick(date: string): void;
  onNear?(date: string): void;
}

function Day({ date, name, isOutside, isToday, isEnd, isBetween, isTabStop, onPick, onNear }: DayProps) {
  const look = isEnd
    ? 'bg-accent text-on-accent font-medium'
    : cx(
        'hover:bg-hover',
        isOutside ? 'text-ink-3' : weekday(date) > 5 ? 'text-ink-2' : 'text-ink',
        isToday && 'font-semibold !text-accent-ink',
      );
  return (
    <td className={cx('p-0', isBetween && 'bg-accent-wash')}>
      <button
        type="button"
        data-day={date}
        aria-label={name}
        aria-pressed={isEnd || isBetween}
        aria-current={isToday ? 'date' : undefined}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => onPick(date)}
        onFocus={() => onNear?.(date)}
        onPointerEnter={() => onNear?.(date)}
        className={cx(
          'figures relative grid size-8 place-items-center rounded-sm pointer-coarse:size-10',
          look,
        )}
      >
        {Number(date.slice(8))}
        {isToday && <span className="absolute bottom-1 size-1 rounded-full bg-current" aria-hidden="true" />}
      </button>
    </td>
  );
}

function dayName(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(date));
}
