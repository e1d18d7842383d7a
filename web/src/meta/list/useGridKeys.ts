// The keys and presses of a list's rows, by one listener each for all of them.
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';

export interface GridDeeds {
  /** Looks at a record beside the list. toggle: a second time closes it. */
  peek?(id: string, toggle: boolean): void;
  /** Chooses a row, or not; from: all rows since the last one that was chosen. */
  choose?(index: number, since: boolean): void;
  /** Edits the cell of a field; false when it cannot be edited. */
  edit?(index: number, key: string): boolean;
  /** One layer up: what is chosen is let go. */
  escape?(): boolean;
}

/** The part of a row that has focus: a cell, or the link of its title. */
export function focusCell(box: HTMLElement | null, index: number, key: string | undefined): boolean {
  const row = box?.querySelector<HTMLElement>(`[data-row="${index}"]`);
  if (!row) return false;
  const cell = key ? row.querySelector<HTMLElement>(`[data-cell="${key}"]`) : null;
  const link = (cell ?? row).querySelector<HTMLElement>('a[data-to]:not([tabindex="-1"])');
  const target = link ?? cell;
  target?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return target !== null;
}

function place(element: Element | null) {
  const row = element?.closest<HTMLElement>('[data-row]');
  if (!row) return undefined;
  return {
    row,
    index: Number(row.dataset.row),
    id: row.dataset.id ?? '',
    key: element?.closest<HTMLElement>('[data-cell]')?.dataset.cell,
  };
}

/** How long a press waits to be a double one before the row is looked at, in milliseconds. */
const doublePress = 220;

export function useGridKeys(scroller: RefObject<HTMLElement | null>, deeds: GridDeeds) {
  const navigate = useNavigate();
  const now = useRef(deeds);
  now.current = deeds;

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let waiting = 0;

    function open(event: MouseEvent, link: Element) {
      event.preventDefault();
      navigate({ to: link.getAttribute('href') ?? '/' });
    }
    function click(event: MouseEvent) {
      const target = event.target as Element;
      const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.altKey;
      const link = target.closest('a[data-to]');
      if (link) {
        if (isOwn && !event.shiftKey) open(event, link);
        return;
      }
      const at = place(target);
      if (!at) return;
      if (target instanceof HTMLInputElement && target.type === 'checkbox') {
        now.current.choose?.(at.index, event.shiftKey);
        return;
      }
      if (!at.key || event.detail > 1 || window.getSelection()?.type === 'Range') return;
      if (!isOwn) {
        const href = at.row.querySelector('a[data-to]')?.getAttribute('href');
        if (href) window.open(href, '_blank', 'noopener');
        return;
      }
      if (event.shiftKey) return now.current.choose?.(at.index, true);
      clearTimeout(waiting);
      waiting = window.setTimeout(() => now.current.peek?.(at.id, false), doublePress);
    }
    function double(event: MouseEvent) {
      clearTimeout(waiting);
      const at = place(event.target as Element);
      if (at?.key && now.current.edit?.(at.index, at.key)) event.preventDefault();
    }
    box.addEventListener('click', click);
    box.addEventListener('dblclick', double);
    return () => {
      clearTimeout(waiting);
      box.removeEventListener('click', click);
      box.removeEventListener('dblclick', double);
    };
  }, [scroller, navigate]);

  useEffect(() => {
    function press(event: KeyboardEvent) {
      const box = scroller.current;
      const focused = document.activeElement;
      const isPick = focused instanceof HTMLInputElement && focused.type === 'checkbox';
      if (!box || (isTyping(event) && !isPick) || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"], [role="menu"]'))
        return;
      const inside = focused && box.contains(focused) ? place(focused) : undefined;
      if (inside && arrows(event, box, inside)) return event.preventDefault();
      if (useShell.getState().shortcuts && letters(event, box, inside)) event.preventDefault();
    }

    function arrows(event: KeyboardEvent, box: HTMLElement, at: NonNullable<ReturnType<typeof place>>) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const cells = [...at.row.querySelectorAll<HTMLElement>('[data-cell]')];
      const here = cells.findIndex((cell) => cell.dataset.cell === at.key);
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp':
          focusCell(box, at.index + (event.key === 'ArrowDown' ? 1 : -1), at.key);
          return true;
        case 'ArrowLeft':
        case 'ArrowRight': {
          const next = cells[here + (event.key === 'ArrowRight' ? 1 : -1)];
          return next ? focusCell(box, at.index, next.dataset.cell) : cells.length > 0;
        }
        case 'Enter':
          if (document.activeElement?.closest('a')) return false;
          if (at.key && now.current.edit?.(at.index, at.key)) return true;
          at.row.querySelector<HTMLElement>('a[data-to]')?.click();
          return true;
        case 'F2':
          return Boolean(at.key && now.current.edit?.(at.index, at.key));
        case 'Escape':
          return Boolean(now.current.escape?.());
        default:
          return false;
      }
    }

    function letters(event: KeyboardEvent, box: HTMLElement, at: ReturnType<typeof place>) {
      const step = isPlain(event, 'j') ? 1 : isPlain(event, 'k') ? -1 : 0;
      if (step) {
        focusCell(box, at ? at.index + step : firstSeen(box), at?.key);
        return true;
      }
      if (!at) return false;
      const { peek, choose, edit } = now.current;
      if (peek && isPlain(event, ' ') && !(document.activeElement instanceof HTMLInputElement)) {
        peek(at.id, true);
        return true;
      }
      if (choose && event.key.toLowerCase() === 'x' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        choose(at.index, event.shiftKey);
        return true;
      }
      return Boolean(edit && at.key && isPlain(event, 'e') && edit(at.index, at.key));
    }

    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [scroller]);
}

/** The first row that can be seen; j goes there from outside the list. */
function firstSeen(box: HTMLElement): number {
  const top = box.getBoundingClientRect().top + 30;
  for (const row of box.querySelectorAll<HTMLElement>('[data-row]')) {
    if (row.getBoundingClientRect().top >= top) return Number(row.dataset.row);
  }
  return 0;
}
