// What is shown instead of a page: on the way, lost, broken.
import { Link } from '@tanstack/react-router';
import { CloudOff, Compass } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import { reloadPage } from '@/lib/reload';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button, buttonClass } from '@/ui/Button';
import { Empty, WaitingLines } from '@/ui/states';

export function Pending() {
  return <WaitingLines lines={10} />;
}

/** Within the frame, which goes on around it. */
export function Lost() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<Compass size={18} aria-hidden="true" />}
      title={t('place.lost')}
      text={t('place.lost_text')}
    >
      <Link to="/" className={buttonClass('primary')}>
        {t('place.home')}
      </Link>
    </Empty>
  );
}

/** The server is not reached: says so, what is kept, and goes on by itself once it is back. */
function Unreachable() {
  const { t } = useTranslation();
  useEffect(() => {
    const back = async () => {
      const answer = await fetch('/api/v1/health').catch(() => null);
      if (answer?.ok) reloadPage();
    };
    const timer = setInterval(back, 5000);
    window.addEventListener('online', back);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', back);
    };
  }, []);
  return (
    <main>
      <Empty
        icon={<CloudOff size={18} aria-hidden="true" />}
        title={t('place.unreachable')}
        text={t('place.unreachable_text')}
      >
        <Button look="primary" onPress={reloadPage}>
          {t('action.retry')}
        </Button>
      </Empty>
    </main>
  );
}

export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  if (error instanceof Problem && error.status === 0) return <Unreachable />;
  return (
    <main className="mx-auto max-w-lg p-6">
      <ProblemNotice error={error} retry={() => (reset ? reset() : window.location.reload())} />
    </main>
  );
}
