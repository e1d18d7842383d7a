import { Eye, EyeOff } from 'lucide-react';
import { type HTMLInputAutoCompleteAttribute, type ReactNode, type Ref, useState } from 'react';
import { Button, Input, TextField as KitField, TextArea } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from './cx';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';
import { tip } from './tip';

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
  const { value, onChange, onBlur, onFocus, inputMode, autoComplete, maxLength } = props;
  const [isShown, setShown] = useState(false);
  const isSecret = props.type === 'password';
  const type = isSecret && isShown ? 'text' : props.type;
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
        <Line {...props}>
          {isSecret && !props.isDisabled && <Reveal isShown={isShown} onShow={setShown} />}
        </Line>
      )}
      <FieldNotes {...props} />
    </KitField>
  );
}

/** Lets one read what one typed: a password is often mistyped, and not everybody has a second field. */
function Reveal({ isShown, onShow }: { isShown: boolean; onShow(isShown: boolean): void }) {
  const { t } = useTranslation();
  const label = t(isShown ? 'action.hide_password' : 'action.show_password');
  const Sign = isShown ? EyeOff : Eye;
  return (
    <Button
      {...tip(label)}
      aria-label={label}
      onPress={() => onShow(!isShown)}
      className="-mr-1.5 grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hovered:bg-hover hovered:text-ink pointer-coarse:size-9"
    >
      <Sign size={14} aria-hidden="true" />
    </Button>
  );
}

function Line({
  prefix,
  suffix,
  placeholder,
  figures,
  inputRef,
  children,
}: TextFieldProps & { children?: ReactNode }) {
  const inBox = Boolean(prefix || suffix || children);
  const input = (
    <Input
      ref={inputRef}
      placeholder={placeholder}
      className={cx(inBox ? '' : 'control', figures && 'figures')}
    />
  );
  if (!inBox) return input;
  return (
    <div className="control gap-1.5">
      {prefix && <span className="text-ink-3">{prefix}</span>}
      {input}
      {suffix && <span className="text-ink-3">{suffix}</span>}
      {children}
    </div>
  );
}
