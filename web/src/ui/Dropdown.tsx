// A button with a small floating form (a filter, a choice of columns). Like the
// menu, what floats is fetched when it is wanted.
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { ButtonContext } from 'react-aria-components';
import { later } from './later';

const load = later(() => import('./DropdownSheet'));
const DropdownSheet = lazy(load);

export interface DropdownProps {
  /** What opens is; read out, and its title on a phone. */
  label: string;
  /** The button. */
  children: ReactNode;
  content: ReactNode | ((close: () => void) => ReactNode);
  placement?: 'bottom start' | 'bottom end';
  /** Of what floats; its width usually. */
  className?: string;
  /** Called when a pointer or focus comes near, to fetch the content's own parts. */
  onNear?(): void;
}

/** A button (the child) that opens what floats beside it; a sheet from below on a phone. */
export function Dropdown({ label, children, content, placement, className, onNear }: DropdownProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const near = () => {
    load();
    onNear?.();
  };
  const close = () => setOpen(false);
  return (
    <>
      <ButtonContext.Provider
        value={{
          ref: anchor,
          'aria-haspopup': 'dialog',
          'aria-expanded': isOpen,
          onHoverStart: near,
          onFocus: near,
          onPress: () => setOpen(!isOpen),
        }}
      >
        {children}
      </ButtonContext.Provider>
      {isOpen && (
        <Suspense>
          <DropdownSheet {...{ anchor, label, placement, className }} onClose={close}>
            {typeof content === 'function' ? content(close) : content}
          </DropdownSheet>
        </Suspense>
      )}
    </>
  );
}
