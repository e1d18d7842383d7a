// A panel at the edge of the page: from the right on a desk (peek, history), from
// below on a phone (menus, filters).
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Heading, Dialog as KitDialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { cx } from './cx';

export interface SheetProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** The edge it comes from; 'auto' is the right on a desk, below on a phone. */
  side?: 'auto' | 'right' | 'bottom';
  /** Beside the title, before the closing cross. */
  actions?: ReactNode;
  /** Buttons at the foot, the main one last. */
  foot?: ReactNode;
  width?: 'narrow' | 'wide';
}

const edges = {
  right: 'items-stretch justify-end',
  bottom: 'items-end justify-center',
  auto: 'items-end justify-center desk:items-stretch desk:justify-end',
};

const shapes = {
  right: 'h-full w-full border-l',
  bottom: 'max-h-[85dvh] w-full rounded-t-lg border-t pb-[env(safe-area-inset-bottom)]',
  auto: cx(
    'max-desk:max-h-[85dvh] w-full max-desk:rounded-t-lg max-desk:border-t max-desk:pb-[env(safe-area-inset-bottom)]',
    'desk:h-full desk:border-l',
  ),
};

export function Sheet(props: SheetProps) {
  const { title, isOpen, onClose, children, side = 'auto', actions, foot, width = 'narrow' } = props;
  const { t } = useTranslation();
  const size = width === 'wide' ? 'desk:max-w-2xl' : 'desk:max-w-md';
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(
        'fixed inset-0 z-50 flex bg-veil transition-opacity duration-100 data-entering:opacity-0 data-exiting:opacity-0',
        edges[side],
      )}
    >
      <Modal className={cx('flex flex-col border-line bg-raised shadow-float', shapes[side], size)}>
        <KitDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <div className="flex min-h-12 items-center gap-1 border-b border-line pr-2 pl-4">
            <Heading slot="title" className="min-w-0 flex-1 truncate text-[14px]/[20px]">
              {title}
            </Heading>
            {actions}
            <IconButton label={t('action.close')} onPress={onClose}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          </div>
          <div className="min-h-0 flex-1 overflow-auto">{children}</div>
          {foot && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{foot}</div>
          )}
        </KitDialog>
      </Modal>
    </ModalOverlay>
  );
}
