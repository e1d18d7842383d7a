import { DatePicker } from '@/ui/DatePicker';
import type { EditorProps } from '../types';

export function DateEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return <DatePicker {...props} value={typeof value === 'string' ? value : null} onChange={onChange} />;
}
