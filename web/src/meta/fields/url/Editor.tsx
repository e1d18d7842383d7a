import { TextField } from '@/ui/TextField';
import type { EditorProps } from '../types';

export function UrlEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return (
    <TextField
      {...props}
      inputMode="url"
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text.trim() === '' ? null : text.trim())}
    />
  );
}
