// Short word at the edge of the page: what was done, with a way back. The one
// place that knows the kit's toast, which is still marked unstable there.
import { X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button';

interface Word {
  text: string;
  undo?: () => void;
  tone?: 'danger';
}

const queue = new ToastQueue<Word>({ maxVisibleToasts: 3 });
const undoTime = 6000;

export const toasts = {
  /** Says what was done; with undo it can be taken back for six seconds. */
  say(text: string, undo?: () => void) {
    queue.add({ text, undo }, { timeout: undoTime });
  },
  /** Says what went wrong; stays until it is closed. */
  warn(text: string) {
    queue.add({ text, tone: 'danger' });
  },
};

export function Toasts() {
  const { t } = useTranslation();
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('toast.region')}
      className="pointer-events-none fixed inset-x-3 bottom-16 z-60 flex flex-col-reverse items-center gap-2 outline-none desk:bottom-5"
    >
      {({ toast }) => (
        <Toast
          toast={toast}
          className="floating pointer-events-auto flex min-h-11 max-w-full items-center gap-3 py-1.5 pr-1.5 pl-4"
        >
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title" className={toast.content.tone === 'danger' ? 'text-danger' : 'text-ink'}>
              {toast.content.text}
            </Text>
          </ToastContent>
          {toast.content.undo && (
            <Button
              look="quiet"
              className="text-accent-ink"
              onPress={() => {
                toast.content.undo?.();
                queue.close(toast.key);
              }}
            >
              {t('action.undo')}
            </Button>
          )}
          <IconButton slot="close" label={t('action.close')}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
