// The views of a list as tabs; the one on show has a menu: save, save as, rename,
// put back, delete.
import { Link } from '@tanstack/react-router';
import { ChevronDown, Lock, Plus, RotateCcw, Save, Settings2, Trash2, Users } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button as KitButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { later } from '@/ui/later';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { sideways } from '@/ui/tabLook';
import type { ViewDeeds } from './useViewDeeds';

const ViewDialog = lazy(later(() => import('./ViewDialog')));

export function ViewTabs(deeds: ViewDeeds) {
  const { t } = useTranslation();
  const { views, view, first, isChanged, mayKeep, asked, ask, toView } = deeds;
  const current = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another view is shown its tab comes into sight
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [view?.key]);
  return (
    <>
      <nav
        aria-label={t('list.views')}
        onWheel={sideways}
        className="fades flex min-w-0 flex-1 items-center gap-0.5 overflow-x-auto max-desk:basis-full [scrollbar-width:none]"
      >
        {views.map((one) => {
          const isOn = one.key === view?.key;
          return (
            <div
              key={one.key}
              ref={isOn ? current : undefined}
              className={cx(
                'flex h-7 shrink-0 items-center rounded-sm pointer-coarse:h-9',
                isOn ? 'bg-pressed text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
              )}
            >
              <Link
                to="."
                search={toView(one.key === first?.key ? undefined : one.key, one) as never}
                aria-current={isOn ? 'page' : undefined}
                className={cx(
                  'flex h-full items-center gap-1.5 pl-2.5 whitespace-nowrap',
                  isOn ? 'pr-0.5 font-medium' : 'pr-2.5',
                )}
              >
                {one.saved && !one.saved.shared && (
                  <Lock size={11} aria-label={t('view.private')} role="img" className="text-ink-3" />
                )}
                {one.name}
                {isOn && isChanged && (
                  <span
                    role="img"
                    aria-label={t('view.changed')}
                    className="size-1.5 shrink-0 rounded-full bg-accent"
                  />
                )}
              </Link>
              {isOn && <ViewMenu {...deeds} />}
            </div>
          );
        })}
      </nav>
      {isChanged && (
        // A phone has no room for them: there they stand in the menu of the tab.
        <div className="flex shrink-0 items-center gap-1 max-desk:hidden">
          <Button look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9" onPress={deeds.reset}>
            {t('view.reset')}
          </Button>
          <Button
            look="plain"
            className="!h-7 !px-2 pointer-coarse:!h-9"
            onPress={mayKeep ? deeds.keep : () => ask('new')}
          >
            {t(mayKeep ? 'view.keep' : 'view.keep_as')}
          </Button>
        </div>
      )}
      {asked && (
        <Suspense>
          <ViewDialog {...deeds} isNew={asked === 'new'} />
        </Suspense>
      )}
    </>
  );
}

function ViewMenu({ view, isChanged, mayKeep, keep, reset, ask, remove }: ViewDeeds) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const entries: MenuEntry[] = [];
  if (mayKeep && isChanged)
    entries.push({
      id: 'keep',
      name: t('view.keep'),
      icon: <Save size={14} aria-hidden="true" />,
      onAction: keep,
    });
  entries.push({
    id: 'new',
    name: t('view.keep_as'),
    icon: <Plus size={14} aria-hidden="true" />,
    onAction: () => ask('new'),
  });
  if (isChanged)
    entries.push({
      id: 'reset',
      name: t('view.reset'),
      icon: <RotateCcw size={14} aria-hidden="true" />,
      onAction: reset,
    });
  if (mayKeep) {
    entries.push(
      {
        id: 'edit',
        name: t('view.edit'),
        icon: <Settings2 size={14} aria-hidden="true" />,
        divided: true,
        onAction: () => ask('edit'),
      },
      {
        id: 'delete',
        name: t('view.delete'),
        icon: <Trash2 size={14} aria-hidden="true" />,
        danger: true,
        onAction: () => setAsking(true),
      },
    );
  } else if (view?.saved) {
    entries.push({
      id: 'by',
      name: t('view.by', { name: view.saved.by }),
      icon: <Users size={14} aria-hidden="true" />,
      isDisabled: true,
      divided: true,
      onAction: () => {},
    });
  }
  return (
    <>
      <Menu entries={entries} placement="bottom start">
        <KitButton
          aria-label={t('view.menu', { name: view?.name ?? '' })}
          className="grid h-full w-6 place-items-center rounded-sm text-ink-3 hovered:text-ink pointer-coarse:w-9"
        >
          <ChevronDown size={13} aria-hidden="true" />
        </KitButton>
      </Menu>
      {isAsking && view && (
        <Suspense>
          <AskDelete
            title={t('view.delete_title', { name: view.name })}
            text={t(view.saved?.shared ? 'view.delete_shared' : 'view.delete_own')}
            confirm={t('action.delete')}
            isOpen
            onClose={() => setAsking(false)}
            onConfirm={remove}
          />
        </Suspense>
      )}
    </>
  );
}

const AskDelete = lazy(() => import('@/ui/Dialog').then((m) => ({ default: m.Confirm })));
