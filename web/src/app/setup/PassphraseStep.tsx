import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Switch';
import { Passphrase } from './Passphrase';

interface PassphraseStepProps {
  company: string;
  passphrase: string;
  busy: boolean;
  onDone(): void;
}

/** Shown this once: without it a backup cannot be opened on another machine. */
export function PassphraseStep({ company, passphrase, busy, onDone }: PassphraseStepProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <Passphrase company={company} passphrase={passphrase} />
      <Checkbox label={t('setup.passphrase.kept')} isSelected={kept} onChange={setKept} />
      <Button look="primary" isDisabled={!kept || busy} onPress={onDone}>
        {t('setup.passphrase.done')}
      </Button>
    </div>
  );
}
