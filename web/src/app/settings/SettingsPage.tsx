import { Link, useParams } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/meta/context';
import { cx } from '@/ui/cx';
import { PageHead } from '@/ui/PageHead';
import { Lost } from '../places';
import { useTitle } from '../useTitle';
import { CustomizeSettings } from './CustomizeSettings';
import { KeysSettings } from './KeysSettings';
import { ProfileSettings } from './ProfileSettings';
import { SecuritySettings } from './SecuritySettings';

// Fetched with the fields for dates, which the other parts do without.
const CompanySettings = lazy(() => import('./CompanySettings').then((m) => ({ default: m.CompanySettings })));

const parts: { key: string; forAdmin?: boolean; Part: ComponentType }[] = [
  { key: 'profile', Part: ProfileSettings },
  { key: 'security', Part: SecuritySettings },
  { key: 'keys', Part: KeysSettings },
  { key: 'company', forAdmin: true, Part: CompanySettings },
  { key: 'customize', forAdmin: true, Part: CustomizeSettings },
];

export function SettingsPage() {
  const { t } = useTranslation();
  const { part } = useParams({ strict: false }) as { part?: string };
  const me = useMe();
  const offered = parts.filter((one) => !one.forAdmin || me.admin);
  const current = offered.find((one) => one.key === part);
  useTitle(t('settings.title'));
  if (!current) return <Lost />;
  const { Part } = current;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('settings.title')} />
      <nav
        aria-label={t('settings.title')}
        className="flex h-11 shrink-0 items-center gap-0.5 overflow-x-auto border-b border-line px-3 [scrollbar-width:none]"
      >
        {offered.map(({ key }) => (
          <Link
            key={key}
            to={`/settings/${key}`}
            className={cx(
              'flex h-7 shrink-0 items-center rounded-sm px-2.5 whitespace-nowrap pointer-coarse:h-9',
              key === part ? 'bg-pressed font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {t(`settings.${key}.title`)}
          </Link>
        ))}
      </nav>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-2xl flex-col gap-8 px-4 py-6 desk:px-8">
          <Suspense>
            <Part />
          </Suspense>
        </div>
      </div>
    </div>
  );
}
