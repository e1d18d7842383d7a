import { useTranslation } from 'react-i18next';
import { TextField } from '@/ui/TextField';
import { Section } from '../Section';
import { Banks } from './Banks';
import { Pictures } from './Pictures';
import { type FormOf, SettingsForm } from './SettingsForm';
import type { Settings } from './settings';

type TextKey = {
  [K in keyof Settings]: Settings[K] extends string ? K : never;
}[keyof Settings];

/** A line of text of the settings. */
export function SettingText({
  form,
  item,
  help,
  placeholder,
}: {
  form: FormOf;
  item: TextKey;
  help?: string;
  placeholder?: string;
}) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t(`settings.item.${item}`)}
      help={help}
      placeholder={placeholder}
      value={form.value[item]}
      onChange={(text) => form.put({ [item]: text })}
      error={form.saving.errors[item]}
    />
  );
}

/** Who the company is: what the frame shows and what quotes, contracts and invoices print. */
export function CompanySettings() {
  const { t } = useTranslation();
  return (
    <>
      <Pictures />
      <SettingsForm>
        {(form) => (
          <>
            <Section title={t('settings.company.names')} text={t('settings.company.names_text')}>
              <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
                <SettingText form={form} item="name" />
                <SettingText form={form} item="name_en" />
                <SettingText form={form} item="short_name" help={t('settings.company.short_help')} />
              </div>
            </Section>
            <Section title={t('settings.company.papers')} text={t('settings.company.papers_text')}>
              <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
                <SettingText form={form} item="tax_number" help={t('settings.company.tax_help')} />
                <SettingText form={form} item="phone" />
                <SettingText form={form} item="email" />
                <SettingText form={form} item="website" />
                <SettingText form={form} item="address" />
                <SettingText form={form} item="address_en" />
              </div>
            </Section>
            <Section title={t('settings.company.banks')} text={t('settings.company.banks_text')}>
              <Banks form={form} />
            </Section>
          </>
        )}
      </SettingsForm>
    </>
  );
}
