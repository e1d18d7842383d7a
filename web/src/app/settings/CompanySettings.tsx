import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '@/api/client';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Switch } from '@/ui/Switch';
import { WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { metaQuery } from '../session';
import { Section } from './Section';
import { useSaving } from './useSaving';

type Settings = Record<string, unknown>;

/** The settings that have words of their own here, first and in this order. */
const named = ['name', 'currency', 'zone', 'locale'];

export function CompanySettings() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => get<Settings>('settings') });
  return (
    <Section title={t('settings.company.title')} text={t('settings.company.text')}>
      {settings.isPending && <WaitingLines lines={3} />}
      {settings.isError && <ProblemNotice error={settings.error} retry={() => settings.refetch()} />}
      {settings.data && <SettingsForm key={JSON.stringify(settings.data)} stored={settings.data} />}
    </Section>
  );
}

function SettingsForm({ stored }: { stored: Settings }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(stored);
  const { busy, failed, errors, save } = useSaving();
  const plain = Object.keys(stored).filter(
    (key) => ['string', 'boolean', 'number'].includes(typeof stored[key]) || named.includes(key),
  );
  const keys = [
    ...named.filter((key) => plain.includes(key)),
    ...plain.filter((key) => !named.includes(key)),
  ];
  const changed = Object.fromEntries(
    keys.filter((key) => values[key] !== stored[key]).map((key) => [key, values[key]]),
  );
  const put = (key: string, value: unknown) => setValues((old) => ({ ...old, [key]: value }));
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save(async () => {
          await patch('settings', changed);
          await Promise.all([
            client.invalidateQueries({ queryKey: ['settings'] }),
            client.invalidateQueries({ queryKey: metaQuery.queryKey }),
          ]);
        });
      }}
    >
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        {keys.map((key) => {
          const label = i18n.exists(`settings.company.${key}`) ? t(`settings.company.${key}`) : key;
          const value = values[key];
          if (typeof stored[key] === 'boolean') {
            return (
              <Switch key={key} label={label} isSelected={value === true} onChange={(on) => put(key, on)} />
            );
          }
          return (
            <TextField
              key={key}
              label={label}
              value={value === null || value === undefined ? '' : String(value)}
              onChange={(text) => put(key, typeof stored[key] === 'number' ? Number(text) : text)}
              error={errors[key]}
            />
          );
        })}
      </div>
      <Button
        type="submit"
        look="primary"
        className="self-start"
        isDisabled={busy || Object.keys(changed).length === 0}
      >
        {t('action.save')}
      </Button>
    </form>
  );
}
