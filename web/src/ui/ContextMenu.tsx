// The menu of a right click, of Shift+F10 and of a long press. One stands around
// a whole list: rows stay plain elements and are told apart by the target.
import { lazy, type MouseEvent, type ReactNode, Suspense, useRef, useState } from 'react';
import { later } from './later';
import type { MenuEntry } from './Menu';

const load = later(() => import('./MenuSheet'));
const MenuSheet = lazy(load);

interface ContextMenuProps {
  /** What the menu is of; read out. */
  label: string;
  /** The entries for what was clicked; none leaves the browser's own menu. */
  entries(target: Element): MenuEntry[];
  children: ReactNode;
  className?: string;
}

interface Opened {
  x: number;
  y: number;
  entries: MenuEntry[];
}

export function ContextMenu({ label, entries, children, className }: ContextMenuProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  const open = (event: MouseEvent) => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    // Text that is typed or marked keeps the browser's menu: copy, paste, spelling.
    const isText = event.target.closest('input, textarea, [contenteditable="true"]');
    if (isText || window.getSelection()?.toString()) return;
    const found = entries(event.target);
    if (found.length === 0) return;
    event.preventDefault();
    setOpened({ ...placeOf(event), entries: found });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only a second way to what has a button
    <div onContextMenu={open} className={className}>
      {children}
      {opened && (
        <>
          <span
            ref={anchor}
            aria-hidden="true"
            className="pointer-events-none fixed size-px"
            style={{ left: opened.x, top: opened.y }}
          />
          <Suspense>
            <MenuSheet
              anchor={anchor}
              label={label}
              entries={opened.entries}
              placement="bottom start"
              onClose={() => setOpened(null)}
            />
          </Suspense>
        </>
      )}
    </div>
  );
}

/** Where the pointer is; by the keyboard, under the element that has focus. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  if (event.clientX > 0 || event.clientY > 0) return { x: event.clientX, y: event.clientY };
  const box = (event.target as Element).getBoundingClientRect();
  return { x: box.left + 8, y: box.bottom };
}
