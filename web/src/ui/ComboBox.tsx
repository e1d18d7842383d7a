// A field that searches as one types. The choices are handed in; while hanzi are
// being composed nothing is asked.
import { ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Button, Input, ComboBox as KitCombo } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Popover } from './Popover';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';
import { type Choice, ChoiceList } from './Select';

export interface ComboBoxProps extends FieldProps {
  items: Choice[];
  text: string;
  onText(text: string): void;
  value: string | null;
  onChange(value: string | null): void;
  onBlur?(): void;
  /** Enter while none of the choices is marked; true when it meant something. */
  onEnter?(): boolean;
  placeholder?: string;
  /** Stands before the chosen name. */
  mark?: ReactNode;
  isLoading?: boolean;
  /** What stands where there is nothing to choose from. */
  empty?: string;
}

/**
 * A finger's keyboard scrolls what is typed in into sight, and the kit shuts a
 * list whose field scrolls. While a finger types the list stays open and goes along.
 */
function useStaysOpen() {
  const stop = useRef<() => void>(null);
  const end = () => {
    stop.current?.();
    stop.current = null;
  };
  function begin(field: Element) {
    if (stop.current || !window.matchMedia('(pointer: coarse)').matches) return;
    const follow = (event: Event) => {
      if (!(event.target instanceof Node) || !event.target.contains(field)) return;
      event.stopImmediatePropagation();
      window.dispatchEvent(new Event('resize')); // the list is put where its field is now
    };
    window.addEventListener('scroll', follow, true);
    stop.current = () => window.removeEventListener('scroll', follow, true);
  }
  useEffect(() => () => stop.current?.(), []);
  return { begin, end };
}

export function ComboBox(props: ComboBoxProps) {
  const { t } = useTranslation();
  const composing = useRef(false);
  const { items, text, onText, value, onChange, onBlur, onEnter, placeholder, mark, isLoading, empty } =
    props;
  const control = useRef<HTMLDivElement>(null);
  const open = useStaysOpen();

  /** Before the kit sees it: it would put back the name that was chosen before. */
  function press(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return;
    const input = event.target as Element;
    if (!input.matches('input') || input.getAttribute('aria-activedescendant') || !onEnter?.()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <KitCombo
      {...kitProps(props)}
      items={items}
      inputValue={text}
      onInputChange={onText}
      value={value}
      onChange={(key) => {
        if (!composing.current) onChange(key === null ? null : String(key));
      }}
      onBlur={onBlur}
      menuTrigger="focus"
      allowsEmptyCollection
      defaultFilter={() => true}
    >
      <FieldLabel {...props} />
      <div
        ref={control}
        className="control gap-1.5"
        onKeyDownCapture={press}
        // Before the kit listens: it opens its list as the field gets the focus.
        onFocusCapture={(event) => open.begin(event.currentTarget)}
        onBlurCapture={open.end}
      >
        {mark}
        <Input
          placeholder={placeholder}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={() => {
            composing.current = false;
          }}
        />
        <Button className="-mr-1.5 grid size-6 place-items-center rounded-sm text-ink-3 hovered:bg-hover">
          <ChevronsUpDown size={13} aria-hidden="true" />
        </Button>
      </div>
      <FieldNotes {...props} />
      <Popover triggerRef={control} style={{ minWidth: control.current?.offsetWidth }}>
        <ChoiceList items={items} empty={isLoading ? t('state.loading') : (empty ?? t('state.no_match'))} />
      </Popover>
    </KitCombo>
  );
}
