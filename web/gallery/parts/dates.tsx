import { useEffect, useRef, useState } from 'react';
import {
  DatePicker,
  type DatePickerProps,
  DateRangePicker,
  DateTimePicker,
  TimePicker,
} from '@/ui/DatePicker';
import { long, Row, State } from '../show';

const zone = 'Asia/Shanghai';

function Day({ start = '2026-11-22', ...props }: Partial<DatePickerProps> & { start?: string | null }) {
  const [value, setValue] = useState<string | null>(start);
  return <DatePicker label="签约日期" {...props} zone={zone} value={value} onChange={setValue} />;
}

function Moment({ start = '2026-11-23T14:30' }: { start?: string | null }) {
  const [value, setValue] = useState<string | null>(start);
  return <DateTimePicker label="下次联系" zone={zone} value={value} onChange={setValue} />;
}

function Time() {
  const [value, setValue] = useState<string | null>('09:30:00');
  return <TimePicker label="备份时间" value={value} onChange={setValue} />;
}

function Span({ start = true }: { start?: boolean }) {
  const [value, setValue] = useState({
    from: start ? '2026-11-05' : null,
    to: start ? '2026-11-22' : null,
  } as { from: string | null; to: string | null });
  return <DateRangePicker label="成交日期" zone={zone} value={value} onChange={setValue} />;
}

export function Dates() {
  return (
    <Row width={224}>
      <State name="default">
        <Day />
      </State>
      <State name="empty">
        <Day start={null} isRequired help="合同上写的日期" />
      </State>
      <State name="focus">
        <Day />
      </State>
      <State name="error">
        <Day error="不能早于今天" />
      </State>
      <State name="unreadable">
        <Day start="改天" />
      </State>
      <State name="disabled">
        <Day isDisabled />
      </State>
      <State name="long text">
        <Day label={long} />
      </State>
      <State name="with a time">
        <Moment />
      </State>
      <State name="with a time, empty">
        <Moment start={null} />
      </State>
      <State name="time">
        <Time />
      </State>
      <State name="span">
        <Span />
      </State>
      <State name="span, empty">
        <Span start={false} />
      </State>
    </Row>
  );
}

/** Opens what the last button of the part opens. */
function Opened({ children, height }: { children: React.ReactNode; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const buttons = box.current?.querySelectorAll('button');
    buttons?.[buttons.length - 1]?.click();
  }, []);
  return (
    <div ref={box} className="w-56" style={{ height }}>
      {children}
    </div>
  );
}

export function CalendarOpen() {
  return (
    <Opened height={360}>
      <Moment />
    </Opened>
  );
}

export function RangeOpen() {
  return (
    <Opened height={360}>
      <Span />
    </Opened>
  );
}
