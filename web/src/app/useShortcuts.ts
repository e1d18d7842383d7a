import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isPlain, isTyping } from '@/lib/keys';
import { useShell } from '@/lib/shell';
import { may, useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';

/** "/" and Ctrl/Cmd+K search, "c" makes a new record of what is on screen. */
export function useShortcuts(onSearch: () => void) {
  const navigate = useNavigate();
  const { entities } = useMeta();
  const { module, thing } = useParams({ strict: false }) as Record<string, string | undefined>;
  const entity = entities[`${module}.${thing}`];
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      if (event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        onSearch();
        return;
      }
      if (isTyping(event) || !useShell.getState().shortcuts) return;
      if (isPlain(event, '/')) {
        event.preventDefault();
        onSearch();
      } else if (isPlain(event, 'c') && entity && may(entity, 'create')) {
        event.preventDefault();
        navigate({ to: paths.create(entity.name) });
      }
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [entity, navigate, onSearch]);
}
