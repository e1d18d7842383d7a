import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { reloading } from '@/lib/reload';
import { Confirm } from '@/ui/Dialog';

interface LeaveGuardProps {
  /** Whether something is typed that is not saved. */
  isDirty(): boolean;
  /** Leaves without saving. */
  onGiveUp(): void;
}

/** Asks before a form is left with something unsaved in it. */
export function LeaveGuard({ isDirty, onGiveUp }: LeaveGuardProps) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isDirty(),
    enableBeforeUnload: () => isDirty() && !reloading(),
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Confirm
      title={t('draft.leave')}
      text={t('draft.leave_text')}
      confirm={t('draft.leave_confirm')}
      isOpen
      onClose={blocker.reset}
      onConfirm={() => {
        onGiveUp();
        blocker.proceed();
      }}
    />
  );
}
