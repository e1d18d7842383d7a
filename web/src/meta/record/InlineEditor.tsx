// The editor of one fact, in its place. Fetched when a fact is first edited.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Field, Row } from '@/api/types';
import { useLabel } from '../context';
import { isEmpty } from '../fields';
import { editorOf } from '../fields/editors';

/** Where to go on after a fact was edited: back to it, to the next, to the one before, or where the focus went. */
export type Step = 0 | 1 | -1 | 'left';

interface InlineEditorProps {
  field: Field;
  row: Row;
  value: unknown;
  error?: string;
  isRequired: boolean;
  onCommit(value: unknown, step: Step): void;
  onCancel(): void;
}

/** Types whose value is whole as soon as it is chosen. */
const chosenAtOnce = new Set(['choice', 'tree_choice', 'member', 'department', 'reference']);

export default function InlineEditor(props: InlineEditorProps) {
  const { field, row, value, error, isRequired, onCommit, onCancel } = props;
  const label = useLabel();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(value);
  const done = useRef(false);
  const [draft, setDraft] = useState(value);
  const Editor = editorOf(field);
  useEffect(() => {
    const first = focusable(box.current)[0];
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
    if (first?.getAttribute('aria-haspopup') !== 'listbox') return;
    // The list knows its choices one frame later; an empty one does not open.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => first.click()));
    return () => cancelAnimationFrame(frame);
  }, []);
  if (!Editor) return null;

  function finish(step: Step) {
    if (done.current) return;
    done.current = true;
    onCommit(latest.current, step);
  }

  function put(next: unknown) {
    latest.current = next ?? null;
    setDraft(next ?? null);
    const isOne = chosenAtOnce.has(field.type) && !field.settings?.many;
    if (isOne && (field.type === 'choice' || !isEmpty(next))) finish(0);
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const target = event.target as HTMLElement;
    // What happens in a list or calendar that is open belongs to it.
    if (!box.current?.contains(target) || target.getAttribute('aria-expanded') === 'true') return;
    const isLines = target.tagName === 'TEXTAREA' || target.isContentEditable;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      done.current = true;
      onCancel();
    } else if (
      event.key === 'Enter' &&
      (isLines ? event.ctrlKey || event.metaKey : target.tagName === 'INPUT')
    ) {
      event.preventDefault();
      finish(0);
    } else if (event.key === 'Tab' && !event.ctrlKey && !event.altKey) {
      const all = focusable(box.current);
      const edge = event.shiftKey ? all[0] : all.at(-1);
      if (target !== edge && all.includes(target)) return;
      event.preventDefault();
      finish(event.shiftKey ? -1 : 1);
    }
  }

  /** Saves when the focus went elsewhere, not into a list that belongs to the field. */
  function leave() {
    requestAnimationFrame(() => {
      const now = document.activeElement;
      if (box.current?.contains(now) || now?.closest('.floating, [role="dialog"], [role="listbox"]')) return;
      if (now === document.body && document.querySelector('.floating')) return;
      finish('left');
    });
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: watches the keys and the focus of the field inside
    <div ref={box} onKeyDown={press} onBlur={leave} className="relative z-10">
      <Editor
        field={field}
        label={label(field.label)}
        hideLabel
        isRequired={isRequired}
        value={draft}
        onChange={put}
        error={error}
        row={row}
        // Fetched later than this looks for what takes the focus.
        autoFocus={field.type === 'rich_text'}
      />
    </div>
  );
}

function focusable(box: HTMLElement | null): HTMLElement[] {
  const all = box?.querySelectorAll<HTMLElement>('input, textarea, button, [tabindex]') ?? [];
  return [...all].filter(
    (one) => one.tabIndex >= 0 && one.offsetParent !== null && !one.hasAttribute('disabled'),
  );
}
