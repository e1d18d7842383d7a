// What is shown instead of a page: on the way, lost, broken.
import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { buttonClass } from '@/ui/Button';
import { Empty, WaitingLines } from '@/ui/states';

export function Pending() {
  return <WaitingLines lines={10} />;
}

export function Lost() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty
        icon={<Compass size={18} aria-hidden="true" />}
        title={t('place.lost')}
        text={t('place.lost_text')}
      >
        <Link to="/" className={buttonClass('primary')}>
          {t('place.home')}
        </Link>
      </Empty>
    </main>
  );
}

export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main className="mx-auto max-w-lg p-6">
      <ProblemNotice error={error} retry={() => (reset ? reset() : window.location.reload())} />
    </main>
  );
}
