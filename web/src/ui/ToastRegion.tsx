// The box of the words that toasts says; fetched with the first of them.
import { X } from 'lucide-react';
import {
  UNSTABLE_ToastRegion as KitRegion,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button';

interface Word {
  text: string;
  /** What its button does; without a label it takes back what was done. */
  deed?: { label?: string; run(): void };
  tone?: 'danger';
}

export const queue = new ToastQueue<Word>({ maxVisibleToasts: 3 });

export default function ToastRegion() {
  const { t } = useTranslation();
  return (
    <KitRegion
      queue={queue}
      aria-label={t('toast.region')}
      className="pointer-events-none fixed inset-x-3 bottom-16 z-60 flex flex-col-reverse items-center gap-2 outline-none desk:bottom-5 print:hidden"
    >
      {({ toast }) => (
        <Toast
          toast={toast}
          data-toast=""
          className="floating pointer-events-auto flex min-h-11 max-w-full items-center gap-3 py-1.5 pr-1.5 pl-4"
        >
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title" className={toast.content.tone === 'danger' ? 'text-danger' : 'text-ink'}>
              {toast.content.text}
            </Text>
          </ToastContent>
          {toast.content.deed && (
            <Button
              look="quiet"
              className="!text-accent-ink font-medium"
              onPress={() => {
                toast.content.deed?.run();
                queue.close(toast.key);
              }}
            >
              {toast.content.deed.label ?? t('action.undo')}
            </Button>
          )}
          <IconButton slot="close" label={t('action.close')}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        </Toast>
      )}
    </KitRegion>
  );
}
