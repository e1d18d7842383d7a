// A button with a menu. What the menu itself is made of is fetched when a pointer
// comes near, when the button takes focus, or once the page is at rest: it is no
// part of the first load.
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { ButtonContext } from 'react-aria-components';
import { later } from './later';

export interface MenuEntry {
  id: string;
  name: string;
  icon?: ReactNode;
  /** Small words at the right: a shortcut, a count. */
  note?: ReactNode;
  danger?: boolean;
  isDisabled?: boolean;
  /** Given: the entry can be ticked, and is or is not. */
  isChecked?: boolean;
  onAction(): void;
  /** A line above this entry. */
  divided?: boolean;
  /** It and those after it stand under this heading, until another begins. */
  heading?: string;
}

const load = later(() => import('./MenuSheet'));
const MenuSheet = lazy(load);

interface MenuProps {
  /** The button, one of Button, IconButton or the kit's Button. */
  children: ReactNode;
  entries: MenuEntry[];
  placement?: 'bottom start' | 'bottom end' | 'top start';
}

/** A button (the child) that opens a menu; a sheet from below on a phone. */
export function Menu({ children, entries, placement }: MenuProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'first' | 'last' | null>(null);
  return (
    <>
      <ButtonContext.Provider
        value={{
          ref: anchor,
          'aria-haspopup': 'menu',
          'aria-expanded': open !== null,
          onHoverStart: load,
          onFocus: load,
          onPress: () => setOpen(open ? null : 'first'),
          onKeyDown: (event) => {
            if (event.key === 'ArrowDown') setOpen('first');
            else if (event.key === 'ArrowUp') setOpen('last');
            else event.continuePropagation();
          },
        }}
      >
        {children}
      </ButtonContext.Provider>
      {open && (
        <Suspense>
          <MenuSheet
            {...{ anchor, entries, placement }}
            label={anchor.current?.getAttribute('aria-label') ?? anchor.current?.textContent ?? ''}
            startAt={open}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </>
  );
}
