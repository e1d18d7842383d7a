import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { instantText } from '@/lib/format';
import { useFormats } from '@/meta/context';
import { Button, IconButton } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { toasts } from '@/ui/toasts';

export interface MadeLink {
  name: string;
  login: string;
  url: string;
  until: string;
}

/** The links that were just made: nobody can see them again. */
export function LinksDialog({ links, onClose }: { links: MadeLink[]; onClose(): void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text);
      toasts.say(t('action.copied'));
    } catch {
      toasts.warn(t('action.copy_failed'));
    }
  }
  const letter = (link: MadeLink) =>
    t('settings.members.letter', { ...link, until: instantText(link.until, formats) });
  return (
    <Dialog
      title={t('settings.members.links_title')}
      isOpen
      onClose={onClose}
      width={links.length > 1 ? 'wide' : 'small'}
      mustAnswer
      foot={
        <>
          <Button onPress={() => copy(links.map(letter).join('\n\n'))}>
            <Copy size={14} aria-hidden="true" />
            {t(links.length > 1 ? 'settings.members.copy_all' : 'settings.members.copy_letter')}
          </Button>
          <Button look="primary" onPress={onClose}>
            {t('settings.members.done')}
          </Button>
        </>
      }
    >
      <p className="text-ink-2">{t('settings.members.links_text')}</p>
      <ul className="mt-3 flex flex-col gap-2">
        {links.map((link) => (
          <li key={link.url} className="rounded-md border border-line bg-sunken px-3 py-2">
            <div className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">
                {link.name} <span className="font-normal text-ink-3">{link.login}</span>
              </span>
              <IconButton
                label={t('settings.members.copy_of', { name: link.name })}
                onPress={() => copy(link.url)}
              >
                <Copy size={14} aria-hidden="true" />
              </IconButton>
            </div>
            <output className="block font-mono text-meta break-all text-ink-2 select-all">{link.url}</output>
            <p className="text-meta text-ink-3">
              {t('settings.members.until', { at: instantText(link.until, formats) })}
            </p>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
