import { DatePicker } from '@/ui/DatePicker';
import { useFormats } from '../../context';
import type { EditorProps } from '../types';

export function DateEditor({ field: _, row: __, value, onChange, ...props }: EditorProps) {
  const { zone } = useFormats();
  return (
    <DatePicker {...props} zone={zone} value={typeof value === 'string' ? value : null} onChange={onChange} />
  );
}
