// Chooses the value of one cell with the field's own editor, over the grid: no
// component of the kit stands in the rows themselves.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Field } from '@/api/types';
import { useLabel } from '../context';
import { editorOf } from '../fields/editors';
import { isRaw, type Line } from './lines';

export interface LineCellEditorProps {
  column: Field;
  line: Line;
  place: { top: number; left: number; width: number; height: number };
  /** The character that opened it. */
  typed?: string;
  /** Done: with a value that is kept, or without one. step goes on to the next cell. */
  onDone(result: { value: unknown } | null, step: 0 | 1 | -1): void;
}

/** Choosing one of these is all there is to do: it is kept at once. */
const atOnce = new Set(['choice', 'tree_choice', 'instant', 'region', 'reference', 'member', 'department']);

export function LineCellEditor({ column, line, place, typed, onDone }: LineCellEditorProps) {
  const label = useLabel();
  const box = useRef<HTMLDivElement>(null);
  const held = line[column.key];
  const [value, setValue] = useState<unknown>(isRaw(held) ? null : (held ?? null));
  const latest = useRef<unknown>(value);
  const isLeft = useRef(false);

  useEffect(() => {
    const inside = box.current;
    if (!inside) return;
    if (!inside.contains(document.activeElement))
      inside.querySelector<HTMLElement>('input, textarea, button, [tabindex="0"]')?.focus();
    // The next character goes behind the one that opened it.
    if (typed) inside.querySelector('input')?.setSelectionRange(typed.length, typed.length);
  }, [typed]);
  // A press anywhere else keeps what was chosen.
  useEffect(() => {
    function press(event: PointerEvent) {
      const target = event.target as Element;
      if (box.current?.contains(target) || target.closest('.floating, [data-overlay], [role="listbox"]'))
        return;
      leave(true, 0);
    }
    document.addEventListener('pointerdown', press, true);
    return () => document.removeEventListener('pointerdown', press, true);
  });

  function leave(isKept: boolean, step: 0 | 1 | -1) {
    if (isLeft.current) return;
    isLeft.current = true;
    onDone(isKept ? { value: latest.current } : null, step);
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const inText = (event.target as Element).matches('input');
    if (event.key === 'Escape') leave(false, 0);
    else if (event.key === 'Tab') leave(true, event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && inText && !event.defaultPrevented) leave(true, 0);
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const Editor = editorOf(column);
  if (!Editor) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: watches the keys of the field inside
    <div
      ref={box}
      onKeyDown={press}
      className="absolute z-30 rounded-sm bg-raised shadow-float [&_.control]:min-h-(--row)"
      style={{ top: place.top, left: place.left, width: Math.max(place.width, 180), minHeight: place.height }}
    >
      <Editor
        field={column}
        label={label(column.label)}
        hideLabel
        autoFocus
        row={line}
        typed={typed}
        value={value}
        onChange={(next) => {
          setValue(next ?? null);
          latest.current = next ?? null;
          if (atOnce.has(column.type) && !column.settings.many) leave(true, 0);
        }}
      />
    </div>
  );
}
