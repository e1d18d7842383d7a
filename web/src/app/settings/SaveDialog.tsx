import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import type { Saving } from './useSaving';

interface SaveDialogProps {
  title: string;
  /** What the main button says. */
  confirm: string;
  saving: Pick<Saving, 'busy' | 'failed'>;
  /** Whether there is enough to save. */
  isReady: boolean;
  onSave(): void;
  onClose(): void;
  /** Stands apart from the buttons, at the other end. */
  aside?: ReactNode;
  width?: 'small' | 'wide';
  children: ReactNode;
}

/** A form in a dialog: its fields one below the other, what went wrong above them. */
export function SaveDialog({
  title,
  confirm,
  saving,
  isReady,
  onSave,
  onClose,
  aside,
  width,
  children,
}: SaveDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      width={width}
      foot={
        <>
          {aside}
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" form={id} look="primary" isDisabled={!isReady || saving.busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          // Events bubble as components do, not as the page stands: a form around this dialog
          // is not sent with it, and one of a dialog over it does not send this one.
          event.stopPropagation();
          if (event.target === event.currentTarget && isReady && !saving.busy) onSave();
        }}
      >
        {saving.failed !== null && <ProblemNotice error={saving.failed} />}
        {children}
      </form>
    </Dialog>
  );
}
