// Two fingers, or the wheel with Ctrl, make a page larger; what is between the
// fingers stays there.
import { type RefObject, useEffect, useRef } from 'react';
import { within } from './scale';

interface Held {
  x: number;
  y: number;
}

export function useGestures(
  room: RefObject<HTMLElement | null>,
  zoom: number,
  setZoom: (zoom: number) => void,
) {
  const now = useRef({ zoom, setZoom });
  now.current = { zoom, setZoom };
  useEffect(() => {
    const at = room.current;
    if (!at) return;
    const fingers = new Map<number, Held>();
    let apart = 0;

    function zoomTo(wanted: number, x: number, y: number) {
      if (!at) return;
      const next = within(wanted);
      const ratio = next / now.current.zoom;
      if (ratio === 1) return;
      const box = at.getBoundingClientRect();
      const [left, top] = [x - box.left, y - box.top];
      const [toX, toY] = [(at.scrollLeft + left) * ratio - left, (at.scrollTop + top) * ratio - top];
      now.current.setZoom(next);
      now.current.zoom = next;
      requestAnimationFrame(() => at.scrollTo(toX, toY));
    }
    function wheel(event: WheelEvent) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo(now.current.zoom * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
    }
    function pair(): [Held, Held] | undefined {
      const [one, two] = [...fingers.values()];
      return one && two && fingers.size === 2 ? [one, two] : undefined;
    }
    const distance = ([one, two]: [Held, Held]) => Math.hypot(one.x - two.x, one.y - two.y);
    function down(event: PointerEvent) {
      if (event.pointerType !== 'touch') return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const two = pair();
      if (two) apart = distance(two);
    }
    function move(event: PointerEvent) {
      if (!fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const two = pair();
      if (!two || apart === 0) return;
      const wide = distance(two);
      zoomTo((now.current.zoom * wide) / apart, (two[0].x + two[1].x) / 2, (two[0].y + two[1].y) / 2);
      apart = wide;
    }
    function up(event: PointerEvent) {
      fingers.delete(event.pointerId);
      apart = 0;
    }
    // One finger scrolls, as everywhere; with two the browser is told to leave it to us.
    function touch(event: TouchEvent) {
      if (event.touches.length > 1) event.preventDefault();
    }
    at.addEventListener('wheel', wheel, { passive: false });
    at.addEventListener('touchmove', touch, { passive: false });
    at.addEventListener('pointerdown', down);
    at.addEventListener('pointermove', move);
    at.addEventListener('pointerup', up);
    at.addEventListener('pointercancel', up);
    return () => {
      at.removeEventListener('wheel', wheel);
      at.removeEventListener('touchmove', touch);
      at.removeEventListener('pointerdown', down);
      at.removeEventListener('pointermove', move);
      at.removeEventListener('pointerup', up);
      at.removeEventListener('pointercancel', up);
    };
  }, [room]);
}
