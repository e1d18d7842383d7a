// Dragging a card by mouse, pen or finger. The card stays where it is, a picture
// of it goes along; what it is over is found by the attributes of the columns. A
// finger must rest a moment first, so that the columns still scroll under it.
import { type RefObject, useEffect, useRef } from 'react';

export interface DragDeeds {
  /** A card is lifted. */
  start(id: string): void;
  /** It is over a column, by its key; null outside of all. */
  over(key: string | null): void;
  /** It is let go over a column, or nowhere. */
  end(key: string | null): void;
}

/** Pixels that a pressed mouse moves before it drags, and that a resting finger may move. */
const slack = 6;
/** How long a finger rests before it lifts a card, in milliseconds. */
const rest = 320;
/** Pixels from an edge where the board begins to scroll, and how far it goes each frame. */
const edge = 56;
const stride = 14;

export function useDrag(box: RefObject<HTMLElement | null>, deeds: DragDeeds, isOn: boolean) {
  const now = useRef(deeds);
  now.current = deeds;
  useEffect(() => {
    const board = box.current;
    if (!board || !isOn) return;
    let card: HTMLElement | null = null;
    let ghost: HTMLElement | null = null;
    let from = { x: 0, y: 0 };
    let at = { x: 0, y: 0 };
    let held = 0;
    let frame = 0;
    let over: string | null = null;
    let pointer = -1;

    function press(event: PointerEvent) {
      const target = event.target as Element;
      if (event.button !== 0 || !event.isPrimary || target.closest('button, input, [role="menu"]')) return;
      card = target.closest<HTMLElement>('[data-card]');
      if (!card) return;
      pointer = event.pointerId;
      from = at = { x: event.clientX, y: event.clientY };
      if (event.pointerType !== 'mouse') held = window.setTimeout(lift, rest);
      listen('add');
    }

    function move(event: PointerEvent) {
      if (event.pointerId !== pointer || !card) return;
      at = { x: event.clientX, y: event.clientY };
      const far = Math.hypot(at.x - from.x, at.y - from.y) > slack;
      if (!ghost && far) {
        if (event.pointerType === 'mouse') lift();
        else return drop(false); // the finger scrolls
      }
      if (ghost) follow();
    }

    function lift() {
      if (!card) return;
      const { left, top, width } = card.getBoundingClientRect();
      ghost = card.cloneNode(true) as HTMLElement;
      ghost.removeAttribute('data-card');
      ghost.setAttribute('aria-hidden', 'true');
      ghost.inert = true;
      ghost.classList.add('card-ghost');
      Object.assign(ghost.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
      document.body.append(ghost);
      document.documentElement.classList.add('is-dragging');
      window.getSelection()?.removeAllRanges();
      now.current.start(card.dataset.card ?? '');
      follow();
      frame = requestAnimationFrame(scroll);
    }

    function follow() {
      if (ghost) ghost.style.transform = `translate(${at.x - from.x}px, ${at.y - from.y}px) rotate(1.5deg)`;
      const found = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>('[data-column]');
      const key = found && board?.contains(found) ? (found.dataset.column ?? '') : null;
      if (key === over) return;
      over = key;
      now.current.over(key);
    }

    /** Near an edge what is under the card scrolls on. */
    function scroll() {
      if (!ghost || !board) return;
      const outer = board.getBoundingClientRect();
      board.scrollLeft += step(at.x, outer.left, outer.right);
      const column = document
        .elementFromPoint(at.x, at.y)
        ?.closest('[data-column]')
        ?.querySelector('[data-cards]');
      if (column) {
        const inner = column.getBoundingClientRect();
        column.scrollTop += step(at.y, inner.top, inner.bottom);
      }
      follow();
      frame = requestAnimationFrame(scroll);
    }

    function drop(isDone: boolean) {
      clearTimeout(held);
      cancelAnimationFrame(frame);
      listen('remove');
      const wasLifted = ghost !== null;
      ghost?.remove();
      ghost = card = null;
      document.documentElement.classList.remove('is-dragging');
      if (!wasLifted) return;
      const key = over;
      over = null;
      // The press that ends a drag opens nothing.
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, true));
      now.current.end(isDone ? key : null);
    }

    const up = (event: PointerEvent) => event.pointerId === pointer && drop(true);
    const cancel = (event: PointerEvent) => event.pointerId === pointer && drop(false);
    const hold = (event: TouchEvent) => ghost && event.preventDefault();
    const menu = (event: Event) => ghost && event.preventDefault();
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !ghost) return;
      event.preventDefault();
      event.stopPropagation();
      drop(false);
    };

    function listen(what: 'add' | 'remove') {
      const bind = what === 'add' ? window.addEventListener : window.removeEventListener;
      bind('pointermove', move as EventListener);
      bind('pointerup', up as EventListener);
      bind('pointercancel', cancel as EventListener);
      bind('keydown', leave as EventListener, true);
      bind('contextmenu', menu, true);
    }

    const still = (event: Event) => event.preventDefault(); // links are not dragged by the browser
    board.addEventListener('pointerdown', press);
    board.addEventListener('dragstart', still);
    // Bound from the beginning: a listener that comes later stops no scrolling.
    board.addEventListener('touchmove', hold, { passive: false });
    return () => {
      drop(false);
      board.removeEventListener('pointerdown', press);
      board.removeEventListener('dragstart', still);
      board.removeEventListener('touchmove', hold);
    };
  }, [box, isOn]);
}

const step = (at: number, least: number, most: number) =>
  at < least + edge ? -stride : at > most - edge ? stride : 0;

function swallow(event: Event) {
  event.preventDefault();
  event.stopPropagation();
}
