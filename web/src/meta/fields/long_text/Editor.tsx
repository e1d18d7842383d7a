import { TextField } from '@/ui/TextField';
import type { EditorProps } from '../types';

export function LongTextEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return (
    <TextField
      {...props}
      lines={5}
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text === '' ? null : text)}
    />
  );
}
