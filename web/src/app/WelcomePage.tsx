import { Link } from '@tanstack/react-router';
import { DoorOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe, useMeta } from '@/meta/context';
import { buttonClass } from '@/ui/Button';
import { Empty } from '@/ui/states';

/** For a member who was given no role yet: whom to ask. */
export function WelcomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { ask = [] } = useMeta();
  return (
    <Empty
      icon={<DoorOpen size={18} aria-hidden="true" />}
      title={t('place.welcome', { name: me.name })}
      text={t(ask.length > 0 ? 'place.welcome_text' : 'place.welcome_alone', {
        names: ask.join(t('list.separator')),
      })}
    >
      <Link to="/settings/profile" className={buttonClass()}>
        {t('settings.profile.title')}
      </Link>
    </Empty>
  );
}
