import { useQuery } from '@tanstack/react-query';
import { KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, remove } from '@/api/client';
import type { Credential, NewKey } from '@/api/types';
import { instantText } from '@/lib/format';
import { useFormats } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button, IconButton } from '@/ui/Button';
import { Confirm, Dialog } from '@/ui/Dialog';
import { Empty, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { useSaving } from './useSaving';

export function KeysSettings() {
  const { t } = useTranslation();
  const formats = useFormats();
  const keys = useQuery({ queryKey: ['me', 'keys'], queryFn: () => get<{ items: Credential[] }>('me/keys') });
  const [name, setName] = useState('');
  const [made, setMade] = useState('');
  const [leaving, setLeaving] = useState<Credential | null>(null);
  const { busy, failed, errors, save } = useSaving();
  const items = keys.data?.items ?? [];
  return (
    <>
      <p className="text-ink-2">{t('settings.keys.text')}</p>
      {failed !== null && <ProblemNotice error={failed} />}
      <form
        className="-mt-4 flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          save(async () => {
            setMade((await post<NewKey>('me/keys', { name })).key);
            setName('');
            await keys.refetch();
          }, '');
        }}
      >
        <div className="min-w-0 flex-1">
          <TextField label={t('settings.keys.name')} value={name} onChange={setName} error={errors.name} />
        </div>
        <Button type="submit" look="primary" isDisabled={busy || name.trim() === ''}>
          {t('settings.keys.make')}
        </Button>
      </form>
      {keys.isPending && <WaitingLines lines={2} />}
      {keys.isError && <ProblemNotice error={keys.error} retry={() => keys.refetch()} />}
      {keys.isSuccess && items.length === 0 && (
        <Empty
          icon={<KeyRound size={18} aria-hidden="true" />}
          title={t('settings.keys.none')}
          text={t('settings.keys.none_text')}
        />
      )}
      {items.length > 0 && (
        <ul className="rounded-md border border-line">
          {items.map((key) => (
            <li
              key={key.id}
              className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0"
            >
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{key.name}</p>
                {key.created_at && (
                  <p className="text-meta text-ink-3">
                    {t('settings.keys.made', { at: instantText(key.created_at, formats) })}
                  </p>
                )}
              </div>
              <IconButton label={t('action.remove_name', { name: key.name })} onPress={() => setLeaving(key)}>
                <Trash2 size={14} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Dialog
        title={t('settings.keys.shown')}
        isOpen={made !== ''}
        onClose={() => setMade('')}
        foot={
          <Button look="primary" onPress={() => setMade('')}>
            {t('action.close')}
          </Button>
        }
      >
        <p className="mb-3 text-ink-2">{t('settings.keys.once')}</p>
        <output className="block rounded-md bg-sunken p-3 font-mono break-all select-all">{made}</output>
      </Dialog>
      <Confirm
        title={t('settings.keys.revoke', { name: leaving?.name })}
        text={t('settings.keys.revoke_text')}
        confirm={t('settings.keys.revoke_yes')}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={() =>
          leaving &&
          save(async () => {
            await remove(`me/keys/${leaving.id}`);
            await keys.refetch();
          })
        }
      />
    </>
  );
}
