import { FileClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Draft } from '@/lib/drafts';
import { agoText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { useFormats } from '../context';

interface DraftNoticeProps {
  draft: Draft;
  onTake(): void;
  onDrop(): void;
}

/** Offers what was typed before and not saved. */
export function DraftNotice({ draft, onTake, onDrop }: DraftNoticeProps) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 rounded-md bg-accent-wash px-3 py-2">
      <FileClock size={15} aria-hidden="true" className="shrink-0 text-accent-ink" />
      <p className="min-w-0 flex-1">
        {t('draft.found', {
          when: agoText(new Date(draft.at).toISOString(), locale) || t('timeline.just_now'),
        })}
      </p>
      <Button onPress={onTake}>{t('draft.take')}</Button>
      <Button look="quiet" onPress={onDrop}>
        {t('draft.drop')}
      </Button>
    </div>
  );
}
