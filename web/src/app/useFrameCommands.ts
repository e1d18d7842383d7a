import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Command, useCommandKeys, useCommands } from '@/lib/commands';
import { may, useLabel, useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';
import { openBell } from './bell/notices';
import { menuPath } from './menu';

/** The second key of "g …" by what an entity is called after its module. */
const goKeys: Record<string, string> = {
  customer: 'c',
  contact: 'p',
  lead: 'l',
  follow_up: 'f',
  task: 't',
  opportunity: 'o',
  quote: 'q',
  order: 'r',
  member: 'm',
  department: 'd',
};

export type Layer = 'commands' | 'search' | 'keys';

/** What can be done from everywhere. open shows a layer over the page. */
export function useFrameCommands(open: (layer: Layer) => void) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const { entities } = useMeta();
  const { module, thing } = useParams({ strict: false }) as Record<string, string | undefined>;
  const here = entities[`${module}.${thing}`];
  const taken = new Set<string>();
  const go = Object.values(entities).flatMap((entity): Command[] => {
    const key = goKeys[entity.name.split('.')[1] ?? ''];
    if (!key || taken.has(key)) return [];
    taken.add(key);
    return [
      {
        id: `go ${entity.name}`,
        group: 'go',
        name: label(entity.plural),
        keys: `g ${key}`,
        run: () => void navigate({ to: menuPath(entity.name) }),
      },
    ];
  });
  useCommands([
    { id: 'palette', group: 'general', name: t('palette.title'), keys: 'mod+k', run: () => open('commands') },
    { id: 'search', group: 'general', name: t('search.title'), keys: '/', run: () => open('search') },
    { id: 'keys', group: 'general', name: t('keys.title'), keys: '?', run: () => open('keys') },
    { id: 'bell', group: 'go', name: t('bell.title'), keys: 'g b', run: openBell },
    {
      id: 'today',
      group: 'go',
      name: t('today.title'),
      keys: 'g h',
      run: () => void navigate({ to: '/today' }),
    },
    ...go,
    {
      id: 'go settings',
      group: 'go',
      name: t('settings.title'),
      keys: 'g s',
      run: () => void navigate({ to: '/settings' }),
    },
    ...(here && may(here, 'create')
      ? [
          {
            id: 'create',
            group: 'list' as const,
            name: t('form.create', { name: label(here.label) }),
            keys: 'c',
            run: () => void navigate({ to: paths.create(here.name) }),
          },
        ]
      : []),
  ]);
  useCommandKeys();
}
