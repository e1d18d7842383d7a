import { instantAt, wallTime } from '@/lib/zones';
import { DateTimePicker } from '@/ui/DatePicker';
import { useFormats } from '../../context';
import type { EditorProps } from '../types';

const wall = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** A moment, typed and picked on the clocks of the member's zone. */
export function InstantEditor({ field: _, row: __, value, onChange, ...props }: EditorProps) {
  const { zone } = useFormats();
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  const shown = Number.isNaN(instant)
    ? ((value as string | null) ?? null)
    : wallTime(instant, zone).slice(0, 16);
  return (
    <DateTimePicker
      {...props}
      zone={zone}
      value={shown}
      onChange={(next) =>
        onChange(next && wall.test(next) ? new Date(instantAt(`${next}:00`, zone)).toISOString() : next)
      }
    />
  );
}
