import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import { useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Checkbox } from '@/ui/Switch';
import { Passphrase } from '../../setup/Passphrase';
import { useSaving } from '../useSaving';

/** Asks, makes a new recovery passphrase, shows it this once. */
export function PassphraseDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const { company } = useMeta();
  const [made, setMade] = useState('');
  const [kept, setKept] = useState(false);
  const { busy, failed, save } = useSaving();
  const foot = made ? (
    <Button look="primary" isDisabled={!kept} onPress={onClose}>
      {t('settings.members.done')}
    </Button>
  ) : (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button
        look="primary"
        isDisabled={busy}
        onPress={() =>
          save(async () => {
            const answer = await post<{ recovery_passphrase: string }>('settings/recovery', {});
            setMade(answer.recovery_passphrase);
          }, '')
        }
      >
        {t('settings.backup.make_passphrase')}
      </Button>
    </>
  );
  return (
    <Dialog
      title={t('settings.backup.new_passphrase')}
      isOpen
      onClose={onClose}
      mustAnswer={made !== ''}
      foot={foot}
    >
      <div className="flex flex-col gap-3">
        {failed !== null && <ProblemNotice error={failed} />}
        <p className="text-ink-2">
          {t(made ? 'settings.backup.shown_once' : 'settings.backup.new_passphrase_text')}
        </p>
        {made && (
          <>
            <Passphrase company={company.name} passphrase={made} />
            <Checkbox label={t('settings.backup.kept')} isSelected={kept} onChange={setKept} />
          </>
        )}
      </div>
    </Dialog>
  );
}
