// Dates and times by the kit: segments to type, a calendar to pick. A whole date
// can be pasted in any usual form.
import {
  type CalendarDate,
  parseDate,
  parseTime,
  type Time,
  type ZonedDateTime,
} from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight, X } from 'lucide-react';
import type { ClipboardEvent } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DateSegment,
  Dialog,
  Group,
  Heading,
  DatePicker as KitPicker,
  TimeField as KitTime,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { parseDate as readDate } from '@/lib/digits';
import { Popover } from './Popover';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';

const square = 'grid size-7 place-items-center rounded-sm text-ink-2 hovered:bg-hover off:opacity-40';

function Segments() {
  return (
    <DateInput className="figures -ml-1 flex min-w-0 flex-1 items-center">
      {(segment) => (
        <DateSegment
          segment={segment}
          className="inline-grid h-6 place-items-center rounded-[3px] px-px outline-none placeholder:text-ink-3 focused:bg-accent focused:text-on-accent not-data-[type=literal]:min-w-6"
        />
      )}
    </DateInput>
  );
}

function MonthSheet() {
  return (
    <Popover className="p-3">
      <Dialog className="outline-none">
        <Calendar>
          <header className="flex items-center gap-1 pb-2">
            <Heading className="flex-1 pl-1 font-medium" />
            <Button slot="previous" className={square}>
              <ChevronLeft size={16} aria-hidden="true" />
            </Button>
            <Button slot="next" className={square}>
              <ChevronRight size={16} aria-hidden="true" />
            </Button>
          </header>
          <CalendarGrid>
            <CalendarGridHeader>
              {(day) => (
                <CalendarHeaderCell className="size-8 text-meta font-normal text-ink-3">
                  {day}
                </CalendarHeaderCell>
              )}
            </CalendarGridHeader>
            <CalendarGridBody>
              {(date) => (
                <CalendarCell
                  date={date}
                  className="figures grid size-8 place-items-center rounded-sm outline-none hovered:bg-hover selected:bg-accent selected:text-on-accent data-[outside-month]:invisible data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent-ink"
                />
              )}
            </CalendarGridBody>
          </CalendarGrid>
        </Calendar>
      </Dialog>
    </Popover>
  );
}

function Clear({ onPress }: { onPress(): void }) {
  const { t } = useTranslation();
  return (
    <Button
      slot={null}
      aria-label={t('action.clear')}
      onPress={onPress}
      className="grid size-6 place-items-center rounded-sm text-ink-3 hovered:bg-hover"
    >
      <X size={13} aria-hidden="true" />
    </Button>
  );
}

interface DateProps extends FieldProps {
  /** YYYY-MM-DD. */
  value: string | null;
  onChange(value: string | null): void;
}

export function DatePicker(props: DateProps) {
  const { value, onChange } = props;
  const paste = (event: ClipboardEvent) => {
    const date = readDate(event.clipboardData.getData('text'));
    if (!date) return;
    event.preventDefault();
    onChange(date);
  };
  return (
    <KitPicker<CalendarDate>
      {...kitProps(props)}
      value={value ? parseDate(value) : null}
      onChange={(date) => onChange(date ? date.toString() : null)}
      shouldForceLeadingZeros
    >
      <FieldLabel {...props} />
      <Group className="control gap-1" onPaste={paste}>
        <Segments />
        {value && <Clear onPress={() => onChange(null)} />}
        <CalendarButton />
      </Group>
      <FieldNotes {...props} />
      <MonthSheet />
    </KitPicker>
  );
}

function CalendarButton() {
  return (
    <Button className="-mr-1.5 grid size-6 place-items-center rounded-sm text-ink-3 hovered:bg-hover">
      <CalendarDays size={14} aria-hidden="true" />
    </Button>
  );
}

interface InstantProps extends FieldProps {
  value: ZonedDateTime | null;
  onChange(value: ZonedDateTime | null): void;
}

/** A moment, typed and picked in one zone. */
export function InstantPicker(props: InstantProps) {
  const { value, onChange } = props;
  return (
    <KitPicker<ZonedDateTime>
      {...kitProps(props)}
      value={value}
      onChange={onChange}
      granularity="minute"
      hideTimeZone
      hourCycle={24}
      shouldForceLeadingZeros
    >
      <FieldLabel {...props} />
      <Group className="control gap-1">
        <Segments />
        {value && <Clear onPress={() => onChange(null)} />}
        <CalendarButton />
      </Group>
      <FieldNotes {...props} />
      <MonthSheet />
    </KitPicker>
  );
}

export function TimePicker(props: DateProps) {
  const { value, onChange } = props;
  return (
    <KitTime<Time>
      {...kitProps(props)}
      value={value ? parseTime(value) : null}
      onChange={(time) => onChange(time ? time.toString() : null)}
      hourCycle={24}
      shouldForceLeadingZeros
    >
      <FieldLabel {...props} />
      <div className="control gap-1">
        <Segments />
        {value && <Clear onPress={() => onChange(null)} />}
      </div>
      <FieldNotes {...props} />
    </KitTime>
  );
}
