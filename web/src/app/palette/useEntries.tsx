import { useNavigate } from '@tanstack/react-router';
import { Command as CommandIcon, Languages, Moon, Plus, Rows3, Star, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, commandsNow } from '@/lib/commands';
import { changeLanguage } from '@/lib/i18n';
import { setTheme, useShell } from '@/lib/shell';
import { may, useLabel, useMe, useMeta } from '@/meta/context';
import { placeOf, useDesk } from '@/meta/desk';
import { paths } from '@/meta/paths';
import { Icon } from '@/ui/Icon';
import { menuPath } from '../menu';
import { partGroups } from '../settings/parts';
import { useMarkName } from '../useMarkName';

export interface Entry {
  id: string;
  section: 'record' | 'list' | 'seen' | 'starred' | 'go' | 'create' | 'general';
  name: string;
  /** Where it belongs, in small letters. */
  note?: string;
  /** Further words by which it is found, not shown. */
  words?: string;
  icon: ReactNode;
  keys?: string;
  run(): void;
}

const small = { size: 15, strokeWidth: 1.75, className: 'shrink-0 text-ink-3' };

/** Everything that can be gone to and done now. */
export function useEntries(): Entry[] {
  const all = [...useOffered(), ...useMarks(), ...usePlaces(), ...useChoices()];
  // What stands there already, under the same name, is not said twice.
  const seen = new Set<string>();
  return all.filter(({ section, name, note }) => {
    const said =
      section === 'seen' || section === 'starred' ? `mark ${name} ${note}` : `${name} ${note ?? ''}`;
    return !seen.has(said) && Boolean(seen.add(said));
  });
}

/** What the page on screen offers by itself; the frame's own commands are among the rest. */
function useOffered(): Entry[] {
  return commandsNow()
    .filter(
      (one): one is Command & { run(): void } =>
        Boolean(one.run) && (one.group === 'record' || one.group === 'list'),
    )
    .map(({ id, group, name, keys, run }) => ({
      id: `do ${id}`,
      section: group as 'record' | 'list',
      name,
      keys,
      icon: <CommandIcon {...small} aria-hidden="true" />,
      run,
    }));
}

function useMarks(): Entry[] {
  const navigate = useNavigate();
  const label = useLabel();
  const { entities } = useMeta();
  const nameOf = useMarkName();
  const { seen, starred } = useDesk();
  const entry = (section: 'seen' | 'starred') => (mark: (typeof seen)[number]) => ({
    id: `${section} ${placeOf(mark)}`,
    section,
    name: nameOf(mark),
    note: mark.record ? label(entities[mark.entity]?.label) : undefined,
    icon:
      section === 'starred' ? (
        <Star {...small} aria-hidden="true" />
      ) : (
        <Icon name={entities[mark.entity]?.icon} className="shrink-0 text-ink-3" />
      ),
    run: () => navigate({ href: placeOf(mark) }),
  });
  return [...seen.slice(0, 8).map(entry('seen')), ...starred.map(entry('starred'))];
}

/** Every list, its views, a new record of each, every page of the settings. */
function usePlaces(): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const label = useLabel();
  const me = useMe();
  const { menu, entities, reports } = useMeta();
  const inMenu = menu.flatMap((group) => group.items.map((item) => item.entity));
  const rest = Object.keys(entities).filter((name) => !inMenu.includes(name));
  const all = [...inMenu, ...rest].flatMap((name) => entities[name] ?? []);
  const lists = all.map((entity) => ({
    id: `go ${entity.name}`,
    section: 'go' as const,
    name: label(entity.plural) || label(entity.label),
    icon: <Icon name={entity.icon} className="shrink-0 text-ink-3" />,
    run: () => navigate({ to: menuPath(entity.name) }),
  }));
  const views = all.flatMap((entity) =>
    entity.layout.views
      .filter((view) => view.key !== 'all')
      .map((view) => ({
        id: `view ${entity.name} ${view.key}`,
        section: 'go' as const,
        name: label(view.label),
        note: label(entity.plural),
        icon: <Rows3 {...small} aria-hidden="true" />,
        run: () => navigate({ href: placeOf({ entity: entity.name, view: view.key }) }),
      })),
  );
  const computed = reports.map((report) => ({
    id: `report ${report.entity} ${report.name}`,
    section: 'go' as const,
    name: label(report.label),
    note: t('report.all'),
    icon: <Icon name={report.icon} className="shrink-0 text-ink-3" />,
    run: () => navigate({ to: paths.report(report.entity, report.name) }),
  }));
  const creates = all
    .filter((entity) => may(entity, 'create'))
    .map((entity) => ({
      id: `create ${entity.name}`,
      section: 'create' as const,
      name: t('form.create', { name: label(entity.label) }),
      icon: <Plus {...small} aria-hidden="true" />,
      run: () => navigate({ to: paths.create(entity.name) }),
    }));
  const settings = partGroups
    .filter((group) => !group.forAdmin || me.admin)
    .flatMap((group) => group.parts)
    .map(({ key, icon: PartIcon }) => ({
      id: `settings ${key}`,
      section: 'go' as const,
      name: t(`settings.${key}.title`),
      note: t('settings.title'),
      words: t(`settings.menu.words.${key}`, { defaultValue: '' }),
      icon: <PartIcon {...small} aria-hidden="true" />,
      run: () => navigate({ to: `/settings/${key}` }),
    }));
  return [...creates, ...lists, ...computed, ...views, ...settings];
}

function useChoices(): Entry[] {
  const { t } = useTranslation();
  const locale = useShell((shell) => shell.locale);
  const isDark = document.documentElement.dataset.theme === 'dark';
  const general = commandsNow().filter(
    (one): one is Command & { run(): void } => Boolean(one.run) && one.group === 'general',
  );
  return [
    {
      id: 'theme',
      section: 'general',
      name: t(isDark ? 'palette.light' : 'palette.dark'),
      icon: isDark ? <Sun {...small} aria-hidden="true" /> : <Moon {...small} aria-hidden="true" />,
      run: () => setTheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'language',
      section: 'general',
      name: t('palette.language'),
      icon: <Languages {...small} aria-hidden="true" />,
      run: () => void changeLanguage(locale === 'en' ? 'zh-CN' : 'en'),
    },
    ...general
      .filter((one) => one.keys !== 'mod+k')
      .map(({ id, name, keys, run }) => ({
        id: `do ${id}`,
        section: 'general' as const,
        name,
        keys,
        icon: <CommandIcon {...small} aria-hidden="true" />,
        run,
      })),
  ];
}
