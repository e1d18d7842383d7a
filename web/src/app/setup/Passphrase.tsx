import { Copy, Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonClass } from '@/ui/Button';
import { toasts } from '@/ui/toasts';

/** A passphrase that is shown this once, and the ways to keep it. It is read out as it appears. */
export function Passphrase({ company, passphrase }: { company: string; passphrase: string }) {
  const { t } = useTranslation();
  const box = useRef<HTMLOutputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${t('setup.passphrase.file', { company })}\n\n${passphrase}\n`)}`;

  async function copy() {
    try {
      await navigator.clipboard.writeText(passphrase);
      toasts.say(t('action.copied'));
    } catch {
      toasts.warn(t('action.copy_failed'));
    }
  }

  return (
    <>
      <output
        ref={box}
        tabIndex={-1}
        className="rounded-md border border-line bg-sunken px-3 py-3 font-mono text-[15px]/[26px] break-words outline-none select-all"
      >
        {passphrase}
      </output>
      <div className="flex flex-wrap gap-2">
        <Button onPress={copy}>
          <Copy size={14} aria-hidden="true" />
          {t('action.copy')}
        </Button>
        <a href={file} download={t('setup.passphrase.file_name')} className={buttonClass()}>
          <Download size={14} aria-hidden="true" />
          {t('setup.passphrase.download')}
        </a>
      </div>
    </>
  );
}
