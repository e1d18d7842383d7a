import { useState } from 'react';
import { halfWidth } from '@/lib/digits';
import { decimalText } from '@/lib/format';
import { TextField, type TextFieldProps } from '@/ui/TextField';

interface FigureFieldProps extends Omit<TextFieldProps, 'value' | 'onChange'> {
  value: unknown;
  onChange(value: unknown): void;
  /** What was typed as a value, or null when it is no figure. */
  parse(typed: string): string | number | null;
}

/**
 * A field for figures: grouped by thousands while nobody types. What is typed stays
 * as typed until the field is left, then it is shown as it was understood; what is
 * no figure stays and is refused by the form.
 */
export function FigureField({ value, onChange, parse, onBlur, ...props }: FigureFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const plain = value === null || value === undefined ? '' : String(value);
  const shown = /^-?\d+(\.\d+)?$/.test(plain) ? decimalText(plain, plain.split('.')[1]?.length ?? 0) : plain;
  return (
    <TextField
      {...props}
      figures
      inputMode="decimal"
      value={typed ?? shown}
      onChange={(text) => {
        const half = halfWidth(text);
        setTyped(half);
        onChange(half.trim() === '' ? null : (parse(half) ?? half));
      }}
      onFocus={() => setTyped(plain)}
      onBlur={() => {
        setTyped(null);
        onBlur?.();
      }}
    />
  );
}
