import { useState } from 'react';
import { halfWidth } from '@/lib/digits';
import { TextField, type TextFieldProps } from '@/ui/TextField';

interface FigureFieldProps extends Omit<TextFieldProps, 'value' | 'onChange'> {
  value: unknown;
  onChange(value: unknown): void;
  /** What was typed as a value, or null when it is no figure. */
  parse(typed: string): string | number | null;
}

/**
 * A field for figures. What is typed stays as typed until the field is left, then
 * it is shown as it was understood; what is no figure stays and is refused by the form.
 */
export function FigureField({ value, onChange, parse, onBlur, ...props }: FigureFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === null || value === undefined ? '' : String(value);
  return (
    <TextField
      {...props}
      figures
      inputMode="decimal"
      value={typed ?? shown}
      onChange={(text) => {
        const plain = halfWidth(text);
        setTyped(plain);
        onChange(plain.trim() === '' ? null : (parse(plain) ?? plain));
      }}
      onBlur={() => {
        setTyped(null);
        onBlur?.();
      }}
    />
  );
}
