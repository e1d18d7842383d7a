// One line for a value that has a usual written form: a date, a time.
import { type ClipboardEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { halfWidth } from '@/lib/digits';
import { useIsPhone } from '@/lib/media';
import { cx } from './cx';
import type { ControlProps } from './parts';

interface TypedInputProps {
  control: ControlProps;
  label?: string;
  value: string | null;
  /** What was typed as a value; null when it cannot be read. */
  read(text: string): string | null;
  /** A value as it stands there while nobody types. */
  show(value: string): string;
  step(value: string, by: number): string;
  onChange(value: string | null): void;
  onEditing(isEditing: boolean): void;
  onBlur?(): void;
  onOpen?(): void;
  placeholder: string;
  autoFocus?: boolean;
  className?: string;
}

/** One line that is read when it is left, on Enter, and when something is pasted. */
export function TypedInput(props: TypedInputProps) {
  const { control, label, value, read, show, step, onChange, onEditing, onBlur, onOpen, className } = props;
  const isPhone = useIsPhone();
  const [typed, setTyped] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const isTyping = typed !== null;
  useLayoutEffect(() => {
    // What stands there changes as editing begins; all of it is there to be typed over.
    if (isTyping) input.current?.select();
  }, [isTyping]);
  const take = (text: string) => {
    const plain = halfWidth(text).trim();
    const next = plain === '' ? null : (read(plain) ?? plain);
    if (next !== value) onChange(next);
    return next;
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (onOpen && event.key === 'ArrowDown' && event.altKey) {
      event.preventDefault();
      onOpen();
    } else if (by) {
      event.preventDefault();
      const next = step(read(typed ?? '') ?? value ?? '', by);
      setTyped(next);
      onChange(next);
    } else if (event.key === 'Enter' && typed !== null) {
      setTyped(take(typed) ?? '');
    }
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = read(event.clipboardData.getData('text'));
    if (pasted === null) return;
    event.preventDefault();
    setTyped(pasted);
    onChange(pasted);
  };
  return (
    <input
      ref={input}
      {...control}
      aria-label={label}
      type="text"
      autoComplete="off"
      spellCheck="false"
      // A phone's keyboard would cover the calendar, which is quicker there.
      readOnly={isPhone && onOpen !== undefined}
      onClick={() => isPhone && onOpen?.()}
      // biome-ignore lint/a11y/noAutofocus: only where a form or an inline edit was asked for
      autoFocus={props.autoFocus}
      placeholder={props.placeholder}
      value={typed ?? (value ? show(value) : '')}
      onFocus={() => {
        onEditing(true);
        setTyped(value ?? '');
      }}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => {
        if (typed !== null) take(typed);
        setTyped(null);
        onEditing(false);
        onBlur?.();
      }}
      onKeyDown={keys}
      onPaste={paste}
      className={cx('figures', className)}
    />
  );
}
