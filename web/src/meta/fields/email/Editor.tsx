import { TextField } from '@/ui/TextField';
import type { EditorProps } from '../types';

export function EmailEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return (
    <TextField
      {...props}
      type="email"
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text.trim() === '' ? null : text.trim())}
    />
  );
}
