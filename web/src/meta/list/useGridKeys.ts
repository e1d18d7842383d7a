// The keys and presses of a list's rows, by one listener each for all of them.
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';

export interface GridDeeds {
  /** How many lines there are. */
  count: number;
  /** Brings a line into view; undefined when there is none. */
  reveal(index: number): HTMLElement | undefined;
  /** Looks at a record beside the list. toggle: a second time closes it. */
  peek?(id: string, toggle: boolean): void;
  /** Chooses a row, or not; from: all rows since the last one that was chosen. */
  choose?(index: number, since: boolean): void;
  /** Edits the cell of a field; false when it cannot be edited. */
  edit?(index: number, key: string): boolean;
  /** One layer up: what is chosen is let go. */
  escape?(): boolean;
}

/** What of a line has the focus: a cell, or the link of its title. Brings it into view. */
function focusIn(box: HTMLElement | null, line: HTMLElement | undefined, key: string | undefined): boolean {
  if (!line) return false;
  const cell = key ? line.querySelector<HTMLElement>(`[data-cell="${key}"]`) : null;
  const link = (cell ?? line).querySelector<HTMLElement>('a[data-to]:not([tabindex="-1"])');
  const target = link ?? cell;
  target?.focus({ preventScroll: true });
  if (box && cell && !cell.matches('.stays')) intoView(box, line, cell);
  return target !== null;
}

/** Scrolls sideways until no part of a cell is under the columns that stay. */
function intoView(box: HTMLElement, line: HTMLElement, cell: HTMLElement) {
  const stay = [...line.querySelectorAll<HTMLElement>('.stays')];
  const covered = stay.reduce((sum, one) => sum + one.offsetWidth, 0);
  const hidden = cell.offsetLeft - covered;
  if (hidden < box.scrollLeft) box.scrollLeft = hidden;
  const end = cell.offsetLeft + cell.offsetWidth;
  if (end > box.scrollLeft + box.clientWidth) box.scrollLeft = end - box.clientWidth;
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
  const focus = useCallback(
    (index: number, key: string | undefined) => focusIn(scroller.current, now.current.reveal(index), key),
    [scroller],
  );

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
      if (target.closest('[data-pick]')) return now.current.choose?.(at.index, event.shiftKey);
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
      if (
        document.querySelector(
          '[role="dialog"][aria-modal="true"], [role="alertdialog"]:not([aria-modal="false"]), [role="menu"]',
        )
      )
        return;
      const inside = focused && box.contains(focused) ? place(focused) : undefined;
      if (inside && arrows(event, box, inside)) return event.preventDefault();
      if (useShell.getState().shortcuts && letters(event, box, inside)) event.preventDefault();
    }

    function arrows(event: KeyboardEvent, box: HTMLElement, at: NonNullable<ReturnType<typeof place>>) {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && (event.key === 'Home' || event.key === 'End'))
        return focus(event.key === 'Home' ? 0 : now.current.count - 1, at.key);
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const cells = [...at.row.querySelectorAll<HTMLElement>('[data-cell]')];
      const here = cells.findIndex((cell) => cell.dataset.cell === at.key);
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp':
          focus(at.index + (event.key === 'ArrowDown' ? 1 : -1), at.key);
          return true;
        case 'PageDown':
        case 'PageUp': {
          const page = Math.max(1, Math.floor(box.clientHeight / at.row.offsetHeight) - 3);
          const to = at.index + (event.key === 'PageDown' ? page : -page);
          return focus(Math.min(now.current.count - 1, Math.max(0, to)), at.key);
        }
        case 'Home':
        case 'End': {
          const cell = event.key === 'Home' ? cells[0] : cells.at(-1);
          return cell ? focus(at.index, cell.dataset.cell) : false;
        }
        case 'ArrowLeft':
        case 'ArrowRight': {
          const next = cells[here + (event.key === 'ArrowRight' ? 1 : -1)];
          return next ? focus(at.index, next.dataset.cell) : cells.length > 0;
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
        focus(at ? at.index + step : firstSeen(box), at?.key);
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
  }, [scroller, focus]);
  return { focus };
}

/** The first row that can be seen; j goes there from outside the list. */
function firstSeen(box: HTMLElement): number {
  const top = box.getBoundingClientRect().top + 30;
  const seen = [...box.querySelectorAll<HTMLElement>('[data-row]')]
    .filter((row) => row.getBoundingClientRect().top >= top)
    .map((row) => Number(row.dataset.row));
  return seen.length > 0 ? Math.min(...seen) : 0;
}
