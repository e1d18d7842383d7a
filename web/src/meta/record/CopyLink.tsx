import { Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';
import { toasts } from '@/ui/toasts';

/** Copies the address of a place of this page. */
export function CopyLink({ path }: { path: string }) {
  const { t } = useTranslation();
  async function copy() {
    try {
      await navigator.clipboard.writeText(new URL(path, window.location.origin).href);
      toasts.say(t('action.copied'));
    } catch {
      toasts.warn(t('action.copy_failed'));
    }
  }
  return (
    <IconButton label={t('record.copy_link')} onPress={copy}>
      <Link2 size={16} aria-hidden="true" />
    </IconButton>
  );
}
