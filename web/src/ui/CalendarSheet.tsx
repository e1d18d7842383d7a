// What a date field opens: shortcuts, a month, and the times of a day where one is
// asked for. Fetched when it is wanted.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, weekStart } from '@/lib/dates';
import { setWeekNumbers, useShell } from '@/lib/shell';
import { Button } from './Button';
import { Calendar } from './Calendar';
import { cx } from './cx';
import DropdownSheet from './DropdownSheet';
import { Checkbox } from './Switch';

interface CalendarSheetProps {
  anchor: RefObject<Element | null>;
  label: string;
  today: string;
  /** YYYY-MM-DD. */
  date: string | null;
  onDate(date: string): void;
  /** HH:MM; given where a time is chosen too. */
  time?: string | null;
  onTime?(time: string): void;
  onClose(): void;
}

export default function CalendarSheet(props: CalendarSheetProps) {
  const { anchor, label, today, date, onDate, time, onTime, onClose } = props;
  const pick = (next: string) => {
    onDate(next);
    if (!onTime) onClose();
  };
  return (
    <DropdownSheet anchor={anchor} label={label} className="w-auto" onClose={onClose}>
      <div className="flex gap-3">
        <div>
          <Shortcuts today={today} onPick={pick} />
          <Calendar key={date} label={label} today={today} from={date} to={date} onPick={pick} autoFocus />
          <WeekNumbersBox />
        </div>
        {onTime && <Times value={time ?? null} onPick={onTime} />}
      </div>
    </DropdownSheet>
  );
}

function Shortcuts({ today, onPick }: { today: string; onPick(date: string): void }) {
  const { t } = useTranslation();
  const offered: [string, string][] = [
    ['date.today', today],
    ['date.tomorrow', addDays(today, 1)],
    ['date.next_monday', addDays(weekStart(today), 7)],
  ];
  return (
    <div className="flex gap-1.5 pb-2">
      {offered.map(([key, date]) => (
        <Button key={key} className="!h-7 flex-1 !px-2" onPress={() => onPick(date)}>
          {t(key)}
        </Button>
      ))}
    </div>
  );
}

export function WeekNumbersBox() {
  const { t } = useTranslation();
  const weeks = useShell((shell) => shell.weekNumbers);
  return (
    <div className="pt-2 text-meta text-ink-2">
      <Checkbox label={t('date.week_numbers')} isSelected={weeks} onChange={setWeekNumbers} />
    </div>
  );
}

const halfHours = Array.from({ length: 48 }, (_, i) => {
  const hour = String(Math.floor(i / 2)).padStart(2, '0');
  return `${hour}:${i % 2 === 0 ? '00' : '30'}`;
});

/** The half hours of a day; any other time is typed. */
function Times({ value, onPick }: { value: string | null; onPick(time: string): void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(value);
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // The working day stands first; what is chosen stands in the middle.
    const near = box.current?.querySelector<HTMLElement>('[aria-pressed="true"], [data-time="09:00"]');
    if (box.current && near) box.current.scrollTop = near.offsetTop - box.current.clientHeight / 3;
  }, []);
  return (
    <fieldset
      ref={box}
      aria-label={t('date.time')}
      className="relative flex max-h-76 flex-col overflow-y-auto border-l border-line pl-2"
    >
      {halfHours.map((time) => (
        <button
          key={time}
          type="button"
          data-time={time}
          aria-pressed={time === chosen}
          onClick={() => {
            setChosen(time);
            onPick(time);
          }}
          className={cx(
            'figures h-7 shrink-0 rounded-sm px-3 pointer-coarse:h-10',
            time === chosen ? 'bg-accent font-medium text-on-accent' : 'hover:bg-hover',
          )}
        >
          {time}
        </button>
      ))}
    </fieldset>
  );
}
