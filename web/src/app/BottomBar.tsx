import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarCheck, ChartColumn, Menu as MenuIcon, Search, Settings } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLabel, useMe, useMeta } from '@/meta/context';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { BellMark, useWaiting } from './bell/Bell';
import { useMemberEntries } from './MemberMenu';
import { groupsOf, menuPath } from './menu';

const place =
  'flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-meta text-ink-3 aria-[current=page]:text-accent-ink';

/** How many lists have a place of their own. */
const shownItems = 2;

/** A phone's way around: the day, two lists, search, and everything else. */
export function BottomBar({ onSearch }: { onSearch(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const own = useMemberEntries();
  const waits = useWaiting()?.count;
  const { menu, entities, reports } = useMeta();
  const { admin } = useMe();
  const crmFirst = groupsOf(menu, admin).sort(
    (a, b) => Number(b.module === 'crm') - Number(a.module === 'crm'),
  );
  const items = crmFirst.flatMap((group) =>
    group.items.flatMap(({ entity, icon }) => {
      const found = entities[entity];
      return found
        ? [
            {
              entity,
              icon: icon || found.icon,
              name: label(found.plural) || label(found.label),
              group: label(group.label),
            },
          ]
        : [];
    }),
  );
  return (
    <nav
      aria-label={t('nav.name')}
      className="flex shrink-0 border-t border-line bg-ground pb-[env(safe-area-inset-bottom)] print:hidden"
    >
      <Link to="/today" className={place}>
        <span className="relative">
          <CalendarCheck size={19} strokeWidth={1.75} aria-hidden="true" />
          {waits && waits.value > 0 && <BellMark count={waits} />}
        </span>
        {t('today.title')}
      </Link>
      {items.slice(0, shownItems).map(({ entity, icon, name }) => (
        <Link
          key={entity}
          to={menuPath(entity)}
          className={place}
          activeOptions={{ exact: false, includeSearch: false }}
        >
          <Icon name={icon} size={19} />
          <span className="max-w-full truncate px-1">{name}</span>
        </Link>
      ))}
      <button type="button" onClick={onSearch} className={place}>
        <Search size={19} strokeWidth={1.75} aria-hidden="true" />
        {t('search.title')}
      </button>
      <Menu
        entries={[
          ...items.slice(shownItems).map(({ entity, icon, name, group }, i, rest) => ({
            id: entity,
            name,
            heading: group === rest[i - 1]?.group ? undefined : group,
            icon: <Icon name={icon} size={15} />,
            onAction: () => navigate({ to: menuPath(entity) }),
          })),
          ...(reports.length > 0
            ? [
                {
                  id: 'reports',
                  name: t('report.all'),
                  divided: true,
                  icon: <ChartColumn size={15} aria-hidden="true" />,
                  onAction: () => navigate({ to: '/reports' }),
                },
              ]
            : []),
          {
            id: 'settings',
            name: t('settings.title'),
            divided: true,
            icon: <Settings size={15} aria-hidden="true" />,
            onAction: () => navigate({ to: '/settings' }),
          },
          ...own,
        ]}
      >
        <Button className={place}>
          <MenuIcon size={19} strokeWidth={1.75} aria-hidden="true" />
          {t('nav.more')}
        </Button>
      </Menu>
    </nav>
  );
}
