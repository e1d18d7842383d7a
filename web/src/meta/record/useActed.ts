import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Action, Entity, Row } from '@/api/types';
import { toasts } from '@/ui/toasts';
import { useLabel } from '../context';
import { paths } from '../paths';

/** Says that an action was taken; from there it is one step to what it made. */
export function useActed(entity: Entity, row: Row): (action: Action) => void {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  return (action) => {
    const text = t('record.acted', { name: label(action.label) });
    const made = entity.related?.find((one) => one.entity === action.makes);
    if (!made) return toasts.say(text);
    toasts.lead(text, t('record.see'), () => {
      void navigate({ to: paths.record(entity.name, row.id), search: { tab: made.key } as never });
    });
  };
}
