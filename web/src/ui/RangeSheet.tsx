// What a field for a span of days opens: usual spans, and two months to pick the
// ends from. Fetched when it is wanted.
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  addDays,
  addMonths,
  monthEnd,
  monthStart,
  quarterStart,
  weekStart,
  yearEnd,
  yearStart,
} from '@/lib/dates';
import { useIsPhone } from '@/lib/media';
import { Button } from './Button';
import { Calendar } from './Calendar';
import { WeekNumbersBox } from './CalendarSheet';
import DropdownSheet from './DropdownSheet';

export interface Span {
  from: string | null;
  to: string | null;
}

interface RangeSheetProps {
  anchor: RefObject<Element | null>;
  label: string;
  today: string;
  value: Span;
  onChange(value: Span): void;
  onClose(): void;
}

const spans: [string, (today: string) => [string, string]][] = [
  ['date.today', (today) => [today, today]],
  ['date.this_week', (today) => [weekStart(today), addDays(weekStart(today), 6)]],
  ['date.last_week', (today) => [addDays(weekStart(today), -7), addDays(weekStart(today), -1)]],
  ['date.this_month', (today) => [monthStart(today), monthEnd(today)]],
  ['date.last_month', (today) => [addMonths(monthStart(today), -1), addDays(monthStart(today), -1)]],
  ['date.this_quarter', (today) => [quarterStart(today), monthEnd(addMonths(quarterStart(today), 2))]],
  ['date.this_year', (today) => [yearStart(today), yearEnd(today)]],
  ['date.last_7', (today) => [addDays(today, -6), today]],
  ['date.last_30', (today) => [addDays(today, -29), today]],
];

export default function RangeSheet(props: RangeSheetProps) {
  const { anchor, label, today, value, onChange, onClose } = props;
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const [month, setMonth] = useState(monthStart(value.from ?? today));
  // Between the two picks: the first end, and the day under the pointer.
  const [first, setFirst] = useState<string | null>(null);
  const [near, setNear] = useState<string | null>(null);
  const ends = first ? [first, near ?? first].sort() : [value.from, value.to];
  const pick = (date: string) => {
    if (!first) return setFirst(date);
    const [from = date, to = date] = [first, date].sort();
    onChange({ from, to });
    onClose();
  };
  const shared = {
    today,
    from: ends[0] ?? null,
    to: ends[1] ?? null,
    onPick: pick,
    onNear: first ? setNear : undefined,
  };
  return (
    <DropdownSheet anchor={anchor} label={label} className="w-auto" onClose={onClose}>
      <div className="flex gap-4 max-desk:flex-col">
        <div className="flex shrink-0 gap-0.5 max-desk:flex-wrap desk:w-28 desk:flex-col">
          {spans.map(([key, span]) => (
            <Button
              key={key}
              look="quiet"
              className="!h-7 !justify-start !px-2"
              onPress={() => {
                const [from, to] = span(today);
                onChange({ from, to });
                onClose();
              }}
            >
              {t(key)}
            </Button>
          ))}
        </div>
        <div>
          <div className="flex gap-5">
            <Calendar {...shared} label={label} month={month} onMonth={setMonth} autoFocus />
            {!isPhone && (
              <Calendar
                {...shared}
                label={label}
                month={addMonths(month, 1)}
                onMonth={(next) => setMonth(addMonths(next, -1))}
              />
            )}
          </div>
          <WeekNumbersBox />
        </div>
      </div>
    </DropdownSheet>
  );
}
