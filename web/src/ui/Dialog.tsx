import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Heading, Dialog as KitDialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button';
import { cx } from './cx';

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons at the foot, the main one last. */
  foot?: ReactNode;
  /** full: nearly the whole screen, its content filling it and scrolling by itself. */
  width?: 'small' | 'wide' | 'full';
  role?: 'dialog' | 'alertdialog';
  /** Must be answered: no closing by Esc or outside. */
  mustAnswer?: boolean;
}

const widths = {
  small: 'max-h-[92dvh] desk:max-h-[76vh] desk:max-w-md',
  wide: 'max-h-[92dvh] desk:max-h-[76vh] desk:max-w-3xl',
  full: 'h-[94dvh] desk:h-[92vh] desk:max-w-6xl',
};

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  foot,
  width = 'small',
  role,
  mustAnswer,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer}
      className={cx(
        'fixed inset-0 z-50 flex items-end justify-center bg-veil transition-opacity duration-100 data-entering:opacity-0 data-exiting:opacity-0 desk:items-start desk:p-6',
        width === 'full' ? 'desk:pt-[4vh]' : 'desk:pt-[12vh]',
      )}
    >
      <Modal
        className={cx(
          'flex w-full flex-col rounded-t-lg border border-line bg-raised shadow-float desk:rounded-lg',
          widths[width],
        )}
      >
        <KitDialog role={role} className="flex min-h-0 flex-1 flex-col outline-none">
          <div className="flex items-start gap-2 px-4 pt-3 pb-2">
            <Heading
              slot="title"
              className="min-w-0 flex-1 py-[calc((var(--control)-22px)/2)] text-[15px]/[22px] text-balance"
            >
              {title}
            </Heading>
            {!mustAnswer && (
              <IconButton label={t('action.close')} onPress={onClose} className="-mr-2">
                <X size={16} aria-hidden="true" />
              </IconButton>
            )}
          </div>
          <div
            className={cx(
              'min-h-0 flex-1',
              width === 'full' ? 'flex flex-col overflow-hidden' : 'overflow-auto px-4 pt-1 pb-4',
            )}
          >
            {children}
          </div>
          {foot && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{foot}</div>
          )}
        </KitDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  confirm: string;
  isOpen: boolean;
  onClose(): void;
  onConfirm(): void;
}

/** Asks before something that people would rather not have done by mistake. */
export function Confirm({ title, text, confirm, isOpen, onClose, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  const foot = (
    <>
      <Button onPress={onClose} autoFocus>
        {t('action.cancel')}
      </Button>
      <Button
        look="delete"
        onPress={() => {
          onConfirm();
          onClose();
        }}
      >
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog {...{ title, isOpen, onClose, foot }} role="alertdialog">
      <p className="text-ink-2">{text}</p>
    </Dialog>
  );
}
