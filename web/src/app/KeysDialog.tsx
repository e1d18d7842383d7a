import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Command, commandsNow } from '@/lib/commands';
import { useShell } from '@/lib/shell';
import { Dialog } from '@/ui/Dialog';
import { Kbd } from '@/ui/Kbd';

const groups: Command['group'][] = ['general', 'go', 'list', 'record'];

/** The keys that work on the page as it stands. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const isOn = useShell((shell) => shell.shortcuts);
  const commands = commandsNow().filter((one) => one.keys);
  return (
    <Dialog title={t('keys.title')} isOpen onClose={onClose} width="wide">
      {!isOn && <p className="mb-3 rounded-md bg-warn-wash px-3 py-2 text-warn">{t('keys.off')}</p>}
      <div className="gap-x-8 desk:columns-2">
        {groups.map((group) => {
          const list = commands.filter((one) => one.group === group);
          if (list.length === 0) return null;
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-meta text-ink-3">{t(`keys.group.${group}`)}</h3>
              <dl>
                {list.map(({ id, name, keys }) => (
                  <div
                    key={id}
                    className="flex min-h-8 items-center justify-between gap-4 border-b border-line last:border-b-0"
                  >
                    <dt className="min-w-0 truncate">{name}</dt>
                    <dd>
                      <Kbd keys={keys ?? ''} always />
                      <span className="sr-only">{keys}</span>
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <p className="mt-1 border-t border-line pt-3 text-meta text-ink-3">
        {t('keys.text')}{' '}
        <Link
          to="/settings/$part"
          params={{ part: 'profile' }}
          onClick={onClose}
          className="text-accent-ink underline"
        >
          {t('keys.setting')}
        </Link>
      </p>
    </Dialog>
  );
}
