import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import { toasts } from '@/ui/toasts';

export type Saving = ReturnType<typeof useSaving>;

/** Runs a save, says that it is done, keeps what went wrong by field. */
export function useSaving() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const body = failed instanceof Problem ? failed.body : undefined;
  const errors = Object.fromEntries((body?.errors ?? []).map((error) => [error.field ?? '', error.message]));

  async function save(work: () => Promise<unknown>, said = t('form.saved')): Promise<boolean> {
    setBusy(true);
    setFailed(null);
    try {
      await work();
      if (said) toasts.say(said);
      return true;
    } catch (error) {
      setFailed(error);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, failed, errors, save };
}
