// What a Dropdown opens; fetched by it.
import { type ReactNode, type RefObject, Suspense, useState } from 'react';
import { Dialog } from 'react-aria-components';
import { useIsPhone } from '@/lib/media';
import { cx } from './cx';
import { Popover } from './Popover';
import { Sheet } from './Sheet';

interface DropdownSheetProps {
  anchor: RefObject<Element | null>;
  label: string;
  children: ReactNode;
  placement?: 'bottom start' | 'bottom end';
  className?: string;
  onClose(): void;
}

export default function DropdownSheet(props: DropdownSheetProps) {
  const { anchor, label, children, placement = 'bottom start', className, onClose } = props;
  const [isPhone] = useState(useIsPhone());
  const inside = <Suspense>{children}</Suspense>;
  if (isPhone) {
    return (
      <Sheet title={label} side="bottom" isOpen onClose={onClose}>
        <div className="p-4">{inside}</div>
      </Sheet>
    );
  }
  return (
    <Popover
      triggerRef={anchor}
      placement={placement}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      className={cx('max-w-[92vw]', className ?? 'w-80')}
    >
      <Dialog aria-label={label} className="p-3 outline-none">
        {inside}
      </Dialog>
    </Popover>
  );
}
