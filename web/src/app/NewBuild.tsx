import { useTranslation } from 'react-i18next';
import { reloadPage } from '@/lib/reload';
import { Button } from '@/ui/Button';
import { useBuild } from './build';

/** One quiet line when the server has a newer page; reloading keeps what is typed. */
export function NewBuild() {
  const { t } = useTranslation();
  const isOld = useBuild((build) => build.isOld);
  if (!isOld) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-2 border-b border-line bg-accent-wash px-4 py-0.5 text-accent-ink print:hidden"
    >
      <span className="min-w-0 py-1 desk:truncate">{t('place.new_build')}</span>
      <Button look="quiet" className="shrink-0 text-accent-ink" onPress={reloadPage}>
        {t('place.reload')}
      </Button>
    </div>
  );
}
