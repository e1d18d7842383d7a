import { TimePicker } from '@/ui/DatePicker';
import type { EditorProps } from '../types';

export function TimeEditor({ field: _, row: __, value, onChange, ...props }: EditorProps) {
  return (
    <TimePicker
      {...props}
      value={typeof value === 'string' ? value : null}
      onChange={(time) => onChange(time && /^\d{2}:\d{2}$/.test(time) ? `${time}:00` : time)}
    />
  );
}
