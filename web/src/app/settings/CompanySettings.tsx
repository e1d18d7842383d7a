import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '@/api/client';
import { parseInteger } from '@/lib/digits';
import { FigureField } from '@/meta/fields/number/FigureField';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { metaQuery } from '../session';
import { Section } from './Section';
import { useSaving } from './useSaving';

interface Settings {
  name: string;
  currency: string;
  zone: string;
  locale: string;
  /** Days that the audit log is kept, 0 = for ever. */
  audit_keep?: number;
}

/** The parts of Settings that can be changed here. */
const editable = ['name', 'zone', 'locale', 'audit_keep'] as const;

export function CompanySettings() {
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => get<Settings>('settings') });
  if (settings.isPending) return <WaitingLines lines={4} />;
  if (settings.isError) return <ProblemNotice error={settings.error} retry={() => settings.refetch()} />;
  return <SettingsForm key={JSON.stringify(settings.data)} stored={settings.data} />;
}

function SettingsForm({ stored }: { stored: Settings }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(stored);
  const { busy, failed, errors, save } = useSaving();
  const changed = Object.fromEntries(
    editable.filter((key) => values[key] !== stored[key]).map((key) => [key, values[key]]),
  );
  const put = (part: Partial<Settings>) => setValues((old) => ({ ...old, ...part }));
  const zones = [...new Set([stored.zone, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean);
  return (
    <form
      className="flex flex-col gap-8"
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
      <Section title={t('settings.company.title')} text={t('settings.company.text')}>
        <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
          <TextField
            label={t('settings.company.name')}
            value={values.name}
            onChange={(name) => put({ name })}
            error={errors.name}
          />
          <TextField
            label={t('settings.company.currency')}
            help={t('settings.company.currency_help')}
            value={values.currency}
            onChange={() => {}}
            isDisabled
          />
          <Select
            label={t('settings.company.zone')}
            items={zones.map((id) => ({ id, name: id }))}
            value={values.zone}
            onChange={(zone) => put({ zone: zone ?? stored.zone })}
            error={errors.zone}
          />
          <Select
            label={t('settings.company.locale')}
            items={[
              { id: 'zh-CN', name: t('language.zh') },
              { id: 'en', name: t('language.en') },
            ]}
            value={values.locale}
            onChange={(locale) => put({ locale: locale ?? stored.locale })}
            error={errors.locale}
          />
        </div>
      </Section>
      {stored.audit_keep !== undefined && (
        <Section title={t('settings.audit.title')} text={t('settings.audit.text')}>
          <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
            <FigureField
              label={t('settings.audit.keep')}
              help={t('settings.audit.keep_help')}
              value={values.audit_keep}
              onChange={(keep) => put({ audit_keep: typeof keep === 'number' ? keep : stored.audit_keep })}
              parse={parseInteger}
              error={errors.audit_keep}
            />
          </div>
        </Section>
      )}
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
