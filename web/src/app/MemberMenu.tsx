import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { LogOut, Moon, Sun, UserCog } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import { setTheme, useShell } from '@/lib/shell';
import { useMe } from '@/meta/context';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { signOut } from './session';

/** What concerns the member himself: settings, light or dark, signing out. */
export function useMemberEntries(): MenuEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const client = useQueryClient();
  const theme = useShell((shell) => shell.theme);
  const isDark =
    theme === 'dark' || (theme === 'system' && document.documentElement.dataset.theme === 'dark');
  return [
    {
      id: 'profile',
      name: t('settings.profile.title'),
      icon: <UserCog size={14} aria-hidden="true" />,
      onAction: () => navigate({ to: '/settings/profile' }),
    },
    {
      id: 'theme',
      name: t(isDark ? 'nav.light' : 'nav.dark'),
      icon: isDark ? <Sun size={14} aria-hidden="true" /> : <Moon size={14} aria-hidden="true" />,
      onAction: () => setTheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'out',
      name: t('nav.sign_out'),
      icon: <LogOut size={14} aria-hidden="true" />,
      divided: true,
      onAction: async () => {
        await signOut(client);
        await router.invalidate();
      },
    },
  ];
}

/** The member's own menu. */
export function MemberMenu({ folded }: { folded: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Menu entries={useMemberEntries()}>
      <Button
        aria-label={t('nav.member', { name: me.name })}
        className={cx(
          'flex h-9 items-center gap-2 rounded-sm text-left hovered:bg-hover pressed:bg-pressed',
          folded ? 'w-8 justify-center' : 'min-w-0 flex-1 px-1.5',
        )}
      >
        <Avatar name={me.name} src={me.avatar && apiUrl(`files/${me.avatar}`, { inline: 1 })} />
        {!folded && <span className="min-w-0 flex-1 truncate text-ink-2">{me.name}</span>}
      </Button>
    </Menu>
  );
}
