// How large a page is drawn.

export interface Size {
  width: number;
  height: number;
}

/** A size in percent, or as large as the room allows. */
export type Zoom = number | 'width' | 'page';

/** CSS pixels of one point: 100 % is the size on paper. */
export const perPoint = 96 / 72;
export const least = 0.25;
export const most = 5;
/** Room around a page, in CSS pixels. */
export const gap = 12;
/** What the canvas of a phone's browser can hold. */
const mostPixels = 16_000_000;

const steps = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 2.5, 3, 4, 5];

export function within(zoom: number): number {
  return Math.min(most, Math.max(least, zoom));
}

/** The zoom in figures, for pages of a size in a room. */
export function zoomIn(zoom: Zoom, page: Size, room: Size): number {
  if (typeof zoom === 'number') return zoom;
  const wide = (room.width - 2 * gap) / (page.width * perPoint);
  const high = (room.height - 2 * gap) / (page.height * perPoint);
  return within(zoom === 'width' ? Math.min(wide, 2) : Math.min(wide, high));
}

/** The next larger (or smaller) of the usual sizes. */
export function stepped(zoom: number, way: 1 | -1): number {
  const near = 0.01;
  return way > 0
    ? (steps.find((step) => step > zoom + near) ?? most)
    : (steps.findLast((step) => step < zoom - near) ?? least);
}

/** Device pixels of one CSS pixel, as many as a canvas can hold. */
export function density(width: number, height: number, wanted: number): number {
  return Math.min(wanted, Math.sqrt(mostPixels / (width * height)));
}
