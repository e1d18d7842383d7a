// The keys of a board: arrows go from card to card, Space looks at one beside the
// board, m opens its menu, Shift with an arrow lifts it and goes on to the columns
// that take it; Enter puts it there, Esc leaves it where it was.
import { type RefObject, useEffect, useRef } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';

export interface KeyDeeds {
  peek(id: string): void;
  menu(card: HTMLElement): void;
  /** The card goes on to the next column that takes it; false when there is none. */
  carry(id: string, step: 1 | -1): boolean;
  /** Puts a carried card down, or leaves it; false when none is carried. */
  put(isDone: boolean): boolean;
}

const cardOf = (element: Element | null) => element?.closest<HTMLElement>('[data-card]') ?? null;
const focus = (card: HTMLElement | undefined | null) => {
  const link = card?.querySelector<HTMLElement>('a');
  link?.focus();
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return Boolean(link);
};

export function useBoardKeys(box: RefObject<HTMLElement | null>, deeds: KeyDeeds, isOn: boolean) {
  const now = useRef(deeds);
  now.current = deeds;
  useEffect(() => {
    if (!isOn) return;

    function press(event: KeyboardEvent) {
      const board = box.current;
      if (!board || isTyping(event) || event.defaultPrevented) return;
      if (
        document.querySelector(
          '[role="dialog"][aria-modal="true"], [role="alertdialog"]:not([aria-modal="false"]), [role="menu"]',
        )
      )
        return;
      const focused = document.activeElement;
      const card = focused && board.contains(focused) ? cardOf(focused) : null;
      if ((card && arrows(event, board, card)) || letters(event, board, card)) event.preventDefault();
    }

    function arrows(event: KeyboardEvent, board: HTMLElement, card: HTMLElement): boolean {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const { carry, put } = now.current;
      if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
        carry(card.dataset.card ?? '', event.key === 'ArrowRight' ? 1 : -1);
        return true;
      }
      switch (event.key) {
        case 'Enter':
          return put(true);
        case 'Escape':
          return put(false);
        case 'ArrowDown':
          return focus(card.nextElementSibling as HTMLElement | null) || true;
        case 'ArrowUp':
          return focus(card.previousElementSibling as HTMLElement | null) || true;
        case 'Home':
          return focus(card.parentElement?.firstElementChild as HTMLElement | null);
        case 'End':
          return focus(card.parentElement?.lastElementChild as HTMLElement | null);
        case 'ArrowLeft':
        case 'ArrowRight':
          beside(board, card, event.key === 'ArrowRight' ? 1 : -1);
          return true;
        default:
          return false;
      }
    }

    function letters(event: KeyboardEvent, board: HTMLElement, card: HTMLElement | null): boolean {
      if (!useShell.getState().shortcuts) return false;
      if (isPlain(event, 'j') || isPlain(event, 'k')) {
        if (!card) return focus(board.querySelector<HTMLElement>('[data-card]'));
        const next = isPlain(event, 'j') ? card.nextElementSibling : card.previousElementSibling;
        return focus(next as HTMLElement | null) || true;
      }
      if (!card) return false;
      if (isPlain(event, ' ')) {
        now.current.peek(card.dataset.card ?? '');
        return true;
      }
      if (isPlain(event, 'm')) {
        now.current.menu(card);
        return true;
      }
      return false;
    }

    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [box, isOn]);
}

/** The card at the same height in the next column that has any. */
function beside(board: HTMLElement, card: HTMLElement, step: 1 | -1) {
  const columns = [...board.querySelectorAll<HTMLElement>('[data-column]')];
  const { top } = card.getBoundingClientRect();
  let at = columns.findIndex((column) => column.contains(card)) + step;
  for (; columns[at]; at += step) {
    const cards = [...(columns[at]?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
    const near = cards.find((one) => one.getBoundingClientRect().bottom > top) ?? cards.at(-1);
    if (focus(near)) return;
  }
}
