import { Link, Navigate, useParams } from '@tanstack/react-router';
import { type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsPhone } from '@/lib/media';
import { useLabel, useMe, useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { Empty, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { basicsOf } from '../menu';
import { Lost } from '../places';
import { useTitle } from '../useTitle';
import { partGroups } from './parts';

/** One page of the settings beside their menu; on a phone the menu is a page of its own. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { part } = useParams({ strict: false }) as { part?: string };
  const me = useMe();
  const isPhone = useIsPhone();
  const current = partGroups
    .filter((group) => !group.forAdmin || me.admin)
    .flatMap((group) => group.parts)
    .find((one) => one.key === part);
  useTitle(current ? t(`settings.${current.key}.title`) : t('settings.title'));
  if (part === undefined) {
    return isPhone ? (
      <div className="flex h-full min-h-0 flex-col">
        <PageHead title={t('settings.title')} />
        <div className="min-h-0 flex-1 overflow-auto">
          <SettingsMenu />
        </div>
      </div>
    ) : (
      <Navigate to="/settings/profile" replace />
    );
  }
  if (!current) return <Lost />;
  const { Part } = current;
  return (
    <SettingsFrame current={current.key} title={t(`settings.${current.key}.title`)} wide={current.wide}>
      <Part />
    </SettingsFrame>
  );
}

interface SettingsFrameProps {
  /** The part that is marked in the menu. */
  current: string;
  title: string;
  icon?: ReactNode;
  back?: string;
  /** Buttons at the head. */
  actions?: ReactNode;
  wide?: boolean;
  /** The page scrolls and pads its parts itself. */
  bare?: boolean;
  children: ReactNode;
}

/** The menu of the settings left, one page right. */
export function SettingsFrame({
  current,
  title,
  icon,
  back,
  actions,
  wide,
  bare,
  children,
}: SettingsFrameProps) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  return (
    <div className="flex h-full min-h-0">
      {!isPhone && (
        <div className="flex w-52 shrink-0 flex-col border-r border-line bg-sunken">
          <h2 className="flex h-12 shrink-0 items-center px-4 text-[14px]/[20px] font-semibold">
            {t('settings.title')}
          </h2>
          <div className="min-h-0 flex-1 overflow-auto">
            <SettingsMenu current={current} />
          </div>
        </div>
      )}
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <PageHead title={title} icon={icon} back={back ?? (isPhone ? '/settings' : undefined)}>
          {actions}
        </PageHead>
        <Suspense fallback={<WaitingLines lines={8} />}>
          {bare ? (
            <div className="min-h-0 flex-1">{children}</div>
          ) : (
            <div className="min-h-0 flex-1 overflow-auto">
              <div
                className={cx(
                  'mx-auto flex flex-col gap-8 px-4 py-6 desk:px-8',
                  wide ? 'max-w-6xl' : 'max-w-2xl',
                )}
              >
                {children}
              </div>
            </div>
          )}
        </Suspense>
      </div>
    </div>
  );
}

const lineClass =
  'flex h-8 items-center gap-2.5 rounded-sm px-2 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-11 ' +
  'aria-[current=page]:bg-pressed aria-[current=page]:font-medium aria-[current=page]:text-ink';

/** The pages of the settings by group; what is typed finds them by what they are for. */
function SettingsMenu({ current }: { current?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [typed, setTyped] = useState('');
  const words = typed.trim().toLowerCase();
  const groups = partGroups
    .filter((group) => !group.forAdmin || me.admin)
    .map((group) => ({
      ...group,
      parts: group.parts.filter(({ key }) =>
        `${t(`settings.${key}.title`)} ${t(`settings.menu.words.${key}`)}`.toLowerCase().includes(words),
      ),
    }))
    .filter((group) => group.parts.length > 0);
  const label = useLabel();
  const { menu, entities } = useMeta();
  const basics = basicsOf(menu)
    .map((item) => ({ ...item, name: label(entities[item.entity]?.plural) }))
    .filter((item) => item.name.toLowerCase().includes(words));
  return (
    <nav aria-label={t('settings.title')} className="flex flex-col gap-4 px-2 pt-1 pb-4 max-desk:pt-3">
      <TextField
        label={t('settings.menu.search')}
        placeholder={t('settings.menu.search')}
        hideLabel
        type="search"
        value={typed}
        onChange={setTyped}
      />
      {groups.map((group) => (
        <div key={group.key} className="flex flex-col gap-px">
          <p className="px-2 pb-1 text-meta text-ink-3">{t(`settings.menu.${group.key}`)}</p>
          {group.parts.map(({ key, icon: PartIcon }) => (
            <Link
              key={key}
              to={`/settings/${key}`}
              aria-current={key === current ? 'page' : undefined}
              className={lineClass}
            >
              <PartIcon size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
              <span className="truncate">{t(`settings.${key}.title`)}</span>
            </Link>
          ))}
        </div>
      ))}
      {basics.length > 0 && (
        <div className="flex flex-col gap-px">
          <p className="px-2 pb-1 text-meta text-ink-3">{t('settings.menu.basics')}</p>
          {basics.map(({ entity, icon, name }) => (
            <Link key={entity} to={paths.list(entity) as never} className={lineClass}>
              <Icon name={icon} className="shrink-0" />
              <span className="truncate">{name}</span>
            </Link>
          ))}
        </div>
      )}
      {groups.length + basics.length === 0 && (
        <Empty title={t('settings.menu.none')} text={t('settings.menu.none_text')} />
      )}
    </nav>
  );
}
