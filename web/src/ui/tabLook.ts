// The look of a row of tabs, for Tabs and for rows of links.
import type { WheelEvent } from 'react';

export const tabRow =
  'fades flex shrink-0 items-stretch gap-4 overflow-x-auto border-b border-line px-4 [scrollbar-width:none]';

/** A tab: current by data-selected (the kit) or aria-current="page" (a link). */
export const tabClass =
  'relative flex h-10 shrink-0 cursor-default items-center gap-1.5 whitespace-nowrap text-ink-2 select-none ' +
  'hover:text-ink focus-visible:rounded-sm focus-visible:outline-offset-[-3px] off:text-ink-3 off:opacity-60 ' +
  'after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:rounded-full ' +
  'selected:font-medium selected:text-ink selected:after:bg-accent-ink ' +
  'aria-[current=page]:font-medium aria-[current=page]:text-ink aria-[current=page]:after:bg-accent-ink';

/** How many: after a tab's or a menu's name. */
export const countMark = 'figures text-meta font-normal text-ink-3';

/** A strip without a scrollbar: an ordinary wheel moves it sideways. */
export function sideways(event: WheelEvent<HTMLElement>) {
  if (event.deltaX === 0 && !event.shiftKey) event.currentTarget.scrollLeft += event.deltaY;
}
