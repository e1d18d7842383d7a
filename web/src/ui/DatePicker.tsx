// Dates and times: typed in any usual form (lib/typedDates), pasted, or picked from
// a calendar. What cannot be read stays as it was typed, is said to be unreadable
// and handed on as it is, so that a form refuses it rather than forgets it.
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, today as dayOf, isDate } from '@/lib/dates';
import { useShell } from '@/lib/shell';
import { readDate, readTime } from '@/lib/typedDates';
import { CalendarBox } from './CalendarBox';
import { later } from './later';
import { type ControlProps, FieldFrame, type FieldProps } from './parts';
import type { Span } from './RangeSheet';
import { TypedInput } from './TypedInput';

const load = later(() => import('./CalendarSheet'));
const CalendarSheet = lazy(load);
const loadRange = later(() => import('./RangeSheet'));
const RangeSheet = lazy(loadRange);

export interface DatePickerProps extends FieldProps {
  /** YYYY-MM-DD; any other text is something typed that nobody could read. */
  value: string | null;
  onChange(value: string | null): void;
  onBlur?(): void;
  /** The IANA zone that says which day is today; the browser's if absent. */
  zone?: string;
}

export function DatePicker({ value, onChange, onBlur, zone, error, ...props }: DatePickerProps) {
  const { t } = useTranslation();
  const today = dayOf(zone);
  const locale = useShell((shell) => shell.locale);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const isUnreadable = Boolean(value) && !isDate(value ?? '') && !isEditing;
  return (
    <FieldFrame {...props} error={error ?? (isUnreadable ? t('date.unreadable') : undefined)}>
      {(control) => (
        <CalendarBox
          boxRef={box}
          isDisabled={props.isDisabled}
          onOpen={() => setOpen(true)}
          onNear={load}
          onClear={value && !props.isRequired && !props.isDisabled ? () => onChange(null) : undefined}
        >
          <TypedInput
            control={control}
            value={value}
            read={(text) => readDate(text, today)}
            show={(date) => (isDate(date) ? longDate(date, locale) : date)}
            step={(date, by) => addDays(isDate(date) ? date : today, by)}
            onChange={onChange}
            onEditing={setEditing}
            onBlur={onBlur}
            onOpen={() => setOpen(true)}
            placeholder={t('date.placeholder')}
            autoFocus={props.autoFocus}
          />
          {isOpen && (
            <Suspense>
              <CalendarSheet
                anchor={box}
                label={props.label}
                today={today}
                date={isDate(value ?? '') ? value : null}
                onDate={onChange}
                onClose={() => setOpen(false)}
              />
            </Suspense>
          )}
        </CalendarBox>
      )}
    </FieldFrame>
  );
}

/** The day with its weekday: 2026-11-22 周日; Sun, Nov 22, 2026. */
function longDate(date: string, locale: string): string {
  const zh = locale === 'zh-CN';
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    timeZone: 'UTC',
    ...(zh ? {} : { year: 'numeric', month: 'short', day: 'numeric' }),
  });
  const text = format.format(Date.parse(date));
  return zh ? `${date} ${text}` : text;
}

/** HH:MM or HH:MM:SS as the API has it. */
export function TimePicker({ value, onChange, onBlur, error, ...props }: DatePickerProps) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const isUnreadable = Boolean(value) && readTime(value?.slice(0, 5) ?? '') === null && !isEditing;
  return (
    <FieldFrame {...props} error={error ?? (isUnreadable ? t('date.time_unreadable') : undefined)}>
      {(control) => (
        <div className="control">
          <TypedInput
            control={control}
            value={value}
            read={readTime}
            show={(time) => (/^\d{2}:\d{2}:00$/.test(time) ? time.slice(0, 5) : time)}
            step={stepTime}
            onChange={onChange}
            onEditing={setEditing}
            onBlur={onBlur}
            placeholder="09:00"
            autoFocus={props.autoFocus}
          />
        </div>
      )}
    </FieldFrame>
  );
}

/** A quarter of an hour up or down; from nothing, nine in the morning. */
function stepTime(time: string, by: number): string {
  const match = /^(\d{2}):(\d{2})/.exec(time);
  if (!match) return '09:00';
  const minutes = (Number(match[1]) * 60 + Number(match[2]) + by * 15 + 1440) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

interface DateTimePickerProps extends Omit<DatePickerProps, 'value' | 'onChange'> {
  /** YYYY-MM-DDTHH:MM on the clocks of the zone; any other text was typed and is unreadable. */
  value: string | null;
  onChange(value: string | null): void;
}

/** A day and a time in one field. A day alone counts from nine in the morning. */
export function DateTimePicker({ value, onChange, onBlur, zone, error, ...props }: DateTimePickerProps) {
  const { t } = useTranslation();
  const today = dayOf(zone);
  const locale = useShell((shell) => shell.locale);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const [date = '', time = ''] = (value ?? '').split('T');
  const isGood = isDate(date) && readTime(time) !== null;
  const isUnreadable = Boolean(value) && !isGood && !isEditing;
  const put = (nextDate: string | null, nextTime: string | null) =>
    onChange(nextDate || nextTime ? `${nextDate || today}T${nextTime || '09:00'}` : null);
  return (
    <FieldFrame {...props} error={error ?? (isUnreadable ? t('date.unreadable') : undefined)}>
      {(control) => (
        <CalendarBox
          boxRef={box}
          isDisabled={props.isDisabled}
          onOpen={() => setOpen(true)}
          onNear={load}
          onClear={value && !props.isRequired && !props.isDisabled ? () => onChange(null) : undefined}
        >
          <TypedInput
            control={control}
            value={date || null}
            read={(text) => readDate(text, today)}
            show={(text) => (isDate(text) ? longDate(text, locale) : text)}
            step={(text, by) => addDays(isDate(text) ? text : today, by)}
            onChange={(next) => put(next, next ? time : null)}
            onEditing={setEditing}
            onBlur={onBlur}
            onOpen={() => setOpen(true)}
            placeholder={t('date.placeholder')}
            autoFocus={props.autoFocus}
          />
          {date && (
            <TypedInput
              control={{ ...control, id: `${control.id}-time` }}
              label={`${props.label} ${t('date.time')}`}
              value={time || null}
              read={readTime}
              show={(text) => text.slice(0, 5)}
              step={stepTime}
              onChange={(next) => put(date, next)}
              onEditing={setEditing}
              onBlur={onBlur}
              placeholder="09:00"
              className="!w-12 !flex-none text-right"
            />
          )}
          {isOpen && (
            <Suspense>
              <CalendarSheet
                anchor={box}
                label={props.label}
                today={today}
                date={isDate(date) ? date : null}
                onDate={(next) => put(next, time)}
                time={time.slice(0, 5)}
                onTime={(next) => put(date, next)}
                onClose={() => setOpen(false)}
              />
            </Suspense>
          )}
        </CalendarBox>
      )}
    </FieldFrame>
  );
}

interface DateRangePickerProps extends Omit<DatePickerProps, 'value' | 'onChange'> {
  value: Span;
  onChange(value: Span): void;
}

/** A span of days, both ends included; either end may be open. */
export function DateRangePicker({ value, onChange, onBlur, zone, error, ...props }: DateRangePickerProps) {
  const { t } = useTranslation();
  const today = dayOf(zone);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const ends = [value.from, value.to];
  const isUnreadable = !isEditing && ends.some((end) => end && !isDate(end));
  const end = (key: 'from' | 'to', control: ControlProps) => (
    <TypedInput
      control={key === 'from' ? control : { ...control, id: `${control.id}-to` }}
      label={`${props.label} ${t(`date.${key}`)}`}
      value={value[key]}
      read={(text) => readDate(text, today)}
      show={(date) => date}
      step={(date, by) => addDays(isDate(date) ? date : today, by)}
      onChange={(next) => onChange({ ...value, [key]: next })}
      onEditing={setEditing}
      onBlur={onBlur}
      onOpen={() => setOpen(true)}
      placeholder={t(`date.${key}`)}
      autoFocus={key === 'from' && props.autoFocus}
    />
  );
  return (
    <FieldFrame {...props} error={error ?? (isUnreadable ? t('date.unreadable') : undefined)}>
      {(control) => (
        <CalendarBox
          boxRef={box}
          isDisabled={props.isDisabled}
          onOpen={() => setOpen(true)}
          onNear={loadRange}
          onClear={
            ends.some(Boolean) && !props.isRequired && !props.isDisabled
              ? () => onChange({ from: null, to: null })
              : undefined
          }
        >
          {end('from', control)}
          <span aria-hidden="true" className="text-ink-3">
            –
          </span>
          {end('to', control)}
          {isOpen && (
            <Suspense>
              <RangeSheet
                anchor={box}
                label={props.label}
                today={today}
                value={{
                  from: isDate(value.from ?? '') ? value.from : null,
                  to: isDate(value.to ?? '') ? value.to : null,
                }}
                onChange={onChange}
                onClose={() => setOpen(false)}
              />
            </Suspense>
          )}
        </CalendarBox>
      )}
    </FieldFrame>
  );
}
