// A box to find something by words. Plain elements: it stands in the first list.
import { Search, X } from 'lucide-react';
import { type Ref, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { cx } from './cx';

interface SearchFieldProps {
  /** Read out, and shown while it is empty unless there is a placeholder. */
  label: string;
  placeholder?: string;
  value: string;
  /** Told when typing rests, at once when it is emptied; never while hanzi are composed. */
  onChange(value: string): void;
  /** Milliseconds that typing rests. */
  rest?: number;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  className?: string;
}

export function SearchField(props: SearchFieldProps) {
  const { label, placeholder = label, value, onChange, rest = 250, autoFocus, inputRef, className } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const composing = useRef(false);
  const send = useRef(onChange);
  send.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (composing.current || typed.trim() === value) return;
    const timer = setTimeout(() => send.current(typed.trim()), typed === '' ? 0 : rest);
    return () => clearTimeout(timer);
  }, [typed, value, rest]);
  return (
    <div className={cx('control gap-1.5 !px-2', className)}>
      <Search size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
      <input
        ref={inputRef}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: only where a search was asked for
        autoFocus={autoFocus}
        className="[&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || typed === '' || event.nativeEvent.isComposing) return;
          event.stopPropagation();
          setTyped('');
        }}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setTyped(event.currentTarget.value);
          send.current(event.currentTarget.value.trim());
        }}
      />
      {typed && (
        <IconButton label={t('action.clear')} className="!size-6 -mr-1" onPress={() => setTyped('')}>
          <X size={13} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}
