import { TimePicker } from '@/ui/DatePicker';
import type { EditorProps } from '../types';

export function TimeEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return <TimePicker {...props} value={typeof value === 'string' ? value : null} onChange={onChange} />;
}
