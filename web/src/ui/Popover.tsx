import type { ReactNode } from 'react';
import { Popover as KitPopover, type PopoverProps } from 'react-aria-components';
import { cx } from './cx';

export function Popover({
  className,
  ...props
}: Omit<PopoverProps, 'className'> & { className?: string; children: ReactNode }) {
  return <KitPopover offset={4} {...props} className={cx('floating', className)} />;
}

export const itemClass =
  'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 py-1 outline-none select-none ' +
  'focused:bg-hover off:text-ink-3 pointer-coarse:min-h-10';
