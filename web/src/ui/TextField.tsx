import type { HTMLInputAutoCompleteAttribute, Ref } from 'react';
import { Input, TextField as KitField, TextArea } from 'react-aria-components';
import { cx } from './cx';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  onFocus?(): void;
  type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'search';
  inputMode?: 'text' | 'decimal' | 'numeric' | 'tel' | 'email' | 'url';
  autoComplete?: HTMLInputAutoCompleteAttribute;
  placeholder?: string;
  /** More than one makes a text area of that many lines. */
  lines?: number;
  maxLength?: number;
  /** A unit or sign before the figure. */
  prefix?: string;
  suffix?: string;
  figures?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField(props: TextFieldProps) {
  const { value, onChange, onBlur, onFocus, type, inputMode, autoComplete, maxLength } = props;
  return (
    <KitField
      {...kitProps(props)}
      {...{ value, onChange, onBlur, onFocus, type, inputMode, autoComplete, maxLength }}
      spellCheck="false"
    >
      <FieldLabel {...props} />
      {(props.lines ?? 1) > 1 ? (
        <TextArea className="control" rows={props.lines} placeholder={props.placeholder} />
      ) : (
        <Line {...props} />
      )}
      <FieldNotes {...props} />
    </KitField>
  );
}

function Line({ prefix, suffix, placeholder, figures, inputRef }: TextFieldProps) {
  const input = (
    <Input
      ref={inputRef}
      placeholder={placeholder}
      className={cx(prefix || suffix ? '' : 'control', figures && 'figures')}
    />
  );
  if (!prefix && !suffix) return input;
  return (
    <div className="control gap-1.5">
      {prefix && <span className="text-ink-3">{prefix}</span>}
      {input}
      {suffix && <span className="text-ink-3">{suffix}</span>}
    </div>
  );
}
