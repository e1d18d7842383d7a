import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Switch';
import { toasts } from '@/ui/toasts';

interface PassphraseStepProps {
  company: string;
  passphrase: string;
  onDone(): void;
}

/** Shown this once: without it a backup cannot be opened on another machine. */
export function PassphraseStep({ company, passphrase, onDone }: PassphraseStepProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
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
    <div className="flex flex-col gap-4">
      <output className="rounded-md bg-sunken px-3 py-3 font-mono text-[15px]/[26px] break-words select-all">
        {passphrase}
      </output>
      <div className="flex flex-wrap gap-2">
        <Button onPress={copy}>
          <Copy size={14} aria-hidden="true" />
          {t('action.copy')}
        </Button>
        <a
          href={file}
          download={t('setup.passphrase.file_name')}
          className="inline-flex h-(--control) items-center gap-1.5 rounded-sm border border-line-strong px-3 hover:bg-hover"
        >
          <Download size={14} aria-hidden="true" />
          {t('setup.passphrase.download')}
        </a>
      </div>
      <Checkbox label={t('setup.passphrase.kept')} isSelected={kept} onChange={setKept} />
      <Button look="primary" isDisabled={!kept} onPress={onDone}>
        {t('setup.passphrase.done')}
      </Button>
    </div>
  );
}
