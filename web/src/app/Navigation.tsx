import { Link, useLocation } from '@tanstack/react-router';
import {
  CalendarCheck,
  ChartColumn,
  ChevronDown,
  PanelLeftClose,
  PanelLeftOpen,
  Search,
  Settings,
  Star,
} from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import { choose, setNavFolded, useShell } from '@/lib/shell';
import { useLabel, useMe, useMeta } from '@/meta/context';
import { placeOf, useDesk } from '@/meta/desk';
import { paths } from '@/meta/paths';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { Kbd } from '@/ui/Kbd';
import { BellButton } from './bell/Bell';
import { MemberMenu } from './MemberMenu';
import { groupsOf, menuPath } from './menu';
import { useMarkName } from './useMarkName';

const itemClass =
  'flex h-8 shrink-0 scroll-my-8 items-center gap-2.5 rounded-sm px-2 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-10 ' +
  'aria-[current=page]:bg-pressed aria-[current=page]:font-medium aria-[current=page]:text-ink';

/** How many stars the navigation shows; the palette has all. */
const mostStars = 8;

export function Navigation({ onSearch }: { onSearch(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { menu, entities, company } = useMeta();
  const { admin } = useMe();
  const isFolded = useShell((shell) => shell.navFolded);
  const places = useRef<HTMLDivElement>(null);
  const Fold = isFolded ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav
      aria-label={t('nav.name')}
      className={cx('flex shrink-0 flex-col p-2 print:hidden', isFolded ? 'w-12 items-center' : 'w-52')}
    >
      <div className={cx('mb-1 flex items-center gap-2', isFolded ? 'flex-col' : 'h-10 pl-2')}>
        <img
          src={company.logo ? apiUrl('company/logo', { v: company.logo }) : '/icon.svg'}
          alt=""
          className={cx('h-5 shrink-0 object-contain', company.logo && !isFolded ? 'max-w-14' : 'w-5')}
        />
        {!isFolded && (
          <span className="min-w-0 flex-1 truncate font-semibold" data-tip-cut="">
            {company.short_name || company.name}
          </span>
        )}
        <BellButton />
      </div>
      {isFolded ? (
        <IconButton label={t('search.title')} onPress={onSearch}>
          <Search size={15} aria-hidden="true" />
        </IconButton>
      ) : (
        <button
          type="button"
          onClick={onSearch}
          className="mb-2 flex h-8 shrink-0 items-center gap-2.5 rounded-sm border border-line bg-panel px-2 text-ink-3 hover:text-ink pointer-coarse:h-10"
        >
          <Search size={14} aria-hidden="true" />
          <span className="flex-1 text-left">{t('search.title')}</span>
          <Kbd keys="mod+k" />
        </button>
      )}
      <div
        ref={places}
        className={cx(
          'fades-down flex min-h-0 flex-1 flex-col overflow-y-auto pt-1 [scrollbar-width:thin]',
          isFolded ? 'gap-2' : 'gap-3',
        )}
      >
        <Item to="/today" isFolded={isFolded} name={t('today.title')}>
          <CalendarCheck size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        </Item>
        <Stars isFolded={isFolded} />
        {groupsOf(menu, admin).map((group) => (
          <Group key={group.module} id={group.module} name={label(group.label)} isNavFolded={isFolded}>
            {group.items.flatMap(({ entity, icon }) => {
              const found = entities[entity];
              if (!found) return [];
              return (
                <Item
                  key={entity}
                  to={menuPath(entity)}
                  isFolded={isFolded}
                  name={label(found.plural) || label(found.label)}
                >
                  <Icon name={icon || found.icon} className="shrink-0" />
                </Item>
              );
            })}
          </Group>
        ))}
        <Reports isFolded={isFolded} />
        <InSight of={places} />
      </div>
      <div className="flex flex-col gap-px pt-2">
        <Item to="/settings" isFolded={isFolded} name={t('settings.title')}>
          <Settings size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        </Item>
        <div className={cx('flex items-center', isFolded && 'flex-col-reverse')}>
          <MemberMenu folded={isFolded} />
          <IconButton label={t(isFolded ? 'nav.unfold' : 'nav.fold')} onPress={() => setNavFolded(!isFolded)}>
            <Fold size={15} aria-hidden="true" />
          </IconButton>
        </div>
      </div>
    </nav>
  );
}

/** Scrolls to the place where one is: the navigation is longer than most screens. */
function InSight({ of }: { of: RefObject<HTMLDivElement | null> }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever one goes elsewhere
  useEffect(() => {
    of.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [of, path]);
  return null;
}

/** What the member starred, the newest first. */
function Stars({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const nameOf = useMarkName();
  const { starred } = useDesk();
  if (starred.length === 0) return null;
  return (
    <Group id="starred" name={t('desk.starred')} isNavFolded={isFolded}>
      {starred.slice(0, mostStars).map((mark) => (
        <Item key={placeOf(mark)} to={placeOf(mark)} isFolded={isFolded} name={nameOf(mark)} isExact>
          {isFolded ? (
            <Star size={15} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          ) : (
            <Icon name={entities[mark.entity]?.icon} className="shrink-0 text-ink-3" />
          )}
        </Item>
      ))}
    </Group>
  );
}

/** What can be computed: one place while the navigation is folded. */
function Reports({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { reports } = useMeta();
  if (reports.length === 0) return null;
  return (
    <Group id="reports" name={t('report.all')} isNavFolded={isFolded}>
      {isFolded ? (
        <Item to="/reports" isFolded name={t('report.all')}>
          <ChartColumn size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        </Item>
      ) : (
        reports.map((report) => (
          <Item
            key={`${report.entity} ${report.name}`}
            to={paths.report(report.entity, report.name)}
            isFolded={false}
            name={label(report.label)}
          >
            <Icon name={report.icon} className="shrink-0" />
          </Item>
        ))
      )}
    </Group>
  );
}

interface GroupProps {
  id: string;
  name: string;
  isNavFolded: boolean;
  children: ReactNode;
}

/** A group of places; its head folds it, and that is remembered. */
function Group({ id, name, isNavFolded, children }: GroupProps) {
  const folded = useShell((shell) => shell.folded);
  const isOpen = !folded.includes(id);
  if (isNavFolded)
    return (
      <div className="flex flex-col gap-px border-t border-line pt-2 first:border-t-0 first:pt-0">
        {children}
      </div>
    );
  return (
    <div className="flex flex-col gap-px">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => choose({ folded: isOpen ? [...folded, id] : folded.filter((one) => one !== id) })}
        className="group flex h-6 items-center gap-1 rounded-sm px-2 text-left text-meta text-ink-3 hover:text-ink"
      >
        <span className="truncate">{name}</span>
        <ChevronDown
          size={12}
          aria-hidden="true"
          className={cx(
            'shrink-0 transition-transform duration-100',
            isOpen ? 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100' : '-rotate-90',
          )}
        />
      </button>
      {isOpen && children}
    </div>
  );
}

interface ItemProps {
  to: string;
  name: string;
  isFolded: boolean;
  /** Only this very address is the current one, its search included. */
  isExact?: boolean;
  children: ReactNode;
}

function Item({ to, name, isFolded, isExact = false, children }: ItemProps) {
  const [path, search] = to.split('?');
  return (
    <Link
      to={path}
      search={search ? (Object.fromEntries(new URLSearchParams(search)) as never) : undefined}
      activeOptions={{ exact: isExact, includeSearch: isExact }}
      title={isFolded ? name : undefined}
      aria-label={isFolded ? name : undefined}
      className={cx(itemClass, isFolded && 'w-8 justify-center !px-0')}
    >
      {children}
      {!isFolded && <span className="truncate">{name}</span>}
    </Link>
  );
}
