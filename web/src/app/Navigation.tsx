import { Link } from '@tanstack/react-router';
import { PanelLeftClose, PanelLeftOpen, Search, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setNavFolded, useShell } from '@/lib/shell';
import { useLabel, useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { MemberMenu } from './MemberMenu';

const itemClass =
  'flex h-8 items-center gap-2.5 rounded-sm px-2 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-10 ' +
  'aria-[current=page]:bg-pressed aria-[current=page]:font-medium aria-[current=page]:text-ink';

export function Navigation({ onSearch }: { onSearch(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { menu, entities, company } = useMeta();
  const folded = useShell((shell) => shell.navFolded);
  const Fold = folded ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav
      aria-label={t('nav.name')}
      className={cx('flex shrink-0 flex-col p-2', folded ? 'w-12 items-center' : 'w-52')}
    >
      <div className={cx('mb-1 flex items-center gap-2', folded ? 'flex-col' : 'h-10 pl-2')}>
        <img src="/icon.svg" alt="" width={20} height={20} className="shrink-0" />
        {!folded && <span className="min-w-0 flex-1 truncate font-semibold">{company.name}</span>}
        <IconButton label={t(folded ? 'nav.unfold' : 'nav.fold')} onPress={() => setNavFolded(!folded)}>
          <Fold size={15} aria-hidden="true" />
        </IconButton>
      </div>
      {folded ? (
        <IconButton label={t('search.title')} onPress={onSearch}>
          <Search size={15} aria-hidden="true" />
        </IconButton>
      ) : (
        <button
          type="button"
          onClick={onSearch}
          className="mb-2 flex h-8 items-center gap-2.5 rounded-sm border border-line bg-panel px-2 text-ink-3 hover:text-ink"
        >
          <Search size={14} aria-hidden="true" />
          <span className="flex-1 text-left">{t('search.title')}</span>
          <kbd className="rounded-[4px] border border-line px-1 font-sans text-meta">/</kbd>
        </button>
      )}
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto pt-1">
        {menu.map((group) => (
          <div key={group.module} className="flex flex-col gap-px">
            {!folded && <p className="px-2 pb-1 text-meta text-ink-3">{label(group.label)}</p>}
            {group.items.flatMap(({ entity, icon }) => {
              const found = entities[entity];
              if (!found) return [];
              return (
                <Item
                  key={entity}
                  to={paths.list(entity)}
                  folded={folded}
                  name={label(found.plural) || label(found.label)}
                >
                  <Icon name={icon || found.icon} />
                </Item>
              );
            })}
          </div>
        ))}
      </div>
      <div className="flex flex-col gap-px pt-2">
        <Item to="/settings/profile" folded={folded} name={t('settings.title')}>
          <Settings size={16} strokeWidth={1.75} aria-hidden="true" />
        </Item>
        <MemberMenu folded={folded} />
      </div>
    </nav>
  );
}

interface ItemProps {
  to: string;
  name: string;
  folded: boolean;
  children: ReactNode;
}

function Item({ to, name, folded, children }: ItemProps) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: false, includeSearch: false }}
      title={folded ? name : undefined}
      aria-label={folded ? name : undefined}
      className={cx(itemClass, folded && 'w-8 justify-center !px-0')}
    >
      {children}
      {!folded && <span className="truncate">{name}</span>}
    </Link>
  );
}
