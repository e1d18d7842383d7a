import { TextField } from '@/ui/TextField';
import { useLabel } from '../../context';
import type { EditorProps } from '../types';

export function TextEditor({ field, value, onChange, ...props }: EditorProps) {
  const label = useLabel();
  return (
    <TextField
      {...props}
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text === '' ? null : text)}
      maxLength={field.settings?.max || undefined}
      placeholder={label(field.placeholder) || undefined}
    />
  );
}
