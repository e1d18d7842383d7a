import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { currencyName } from '@/lib/currencies';
import { parseInteger } from '@/lib/digits';
import { useFormats, useLabel, useMeta } from '@/meta/context';
import { FigureField } from '@/meta/fields/number/FigureField';
import { paths } from '@/meta/paths';
import { Button } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { Section } from '../Section';
import { SettingText } from './CompanySettings';
import { type FormOf, SettingsForm } from './SettingsForm';
import { ZoneField } from './ZoneField';

type NumberKey =
  | 'session_idle'
  | 'session_days'
  | 'password_least'
  | 'password_days'
  | 'lock_after'
  | 'audit_keep';

function Figure({ form, item }: { form: FormOf; item: NumberKey }) {
  const { t } = useTranslation();
  return (
    <FigureField
      label={t(`settings.item.${item}`)}
      help={t(`settings.parameters.${item}_help`)}
      value={form.value[item]}
      // What is no figure is no value, and said so: nothing is put back silently.
      onChange={(next) => form.put({ [item]: typeof next === 'number' ? next : null })}
      parse={parseInteger}
      error={form.value[item] === null ? t('settings.parameters.figure') : form.saving.errors[item]}
    />
  );
}

/** How the program works for everybody: region, recycle bin, signing in, the audit log. */
export function ParametersSettings() {
  return <SettingsForm>{(form) => <Parameters form={form} />}</SettingsForm>;
}

const two = 'grid grid-cols-1 gap-4 desk:grid-cols-2';

function Parameters({ form }: { form: FormOf }) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const { value, put } = form;
  const { errors } = form.saving;
  return (
    <>
      <Section title={t('settings.parameters.region')} text={t('settings.parameters.region_text')}>
        <div className={two}>
          <TextField
            label={t('settings.item.currency')}
            help={t('settings.company.currency_help')}
            value={currencyName(value.currency, locale)}
            onChange={() => {}}
            isDisabled
          />
          <Select
            label={t('settings.item.locale')}
            items={[
              { id: 'zh-CN', name: t('language.zh') },
              { id: 'en', name: t('language.en') },
            ]}
            value={value.locale}
            onChange={(locale) => locale && put({ locale })}
            error={errors.locale}
          />
          <div className="desk:col-span-2">
            <ZoneField
              label={t('settings.item.zone')}
              value={value.zone}
              onChange={(zone) => put({ zone })}
              error={errors.zone}
              locale={locale}
            />
          </div>
          <div className="flex flex-col gap-1 desk:col-span-2">
            <SettingText
              form={form}
              item="page_url"
              placeholder={window.location.origin}
              help={t('settings.parameters.page_url_help')}
            />
            {value.page_url === '' && (
              <Button
                look="quiet"
                className="-ml-2 self-start"
                onPress={() => put({ page_url: window.location.origin })}
              >
                {t('settings.parameters.page_url_take', { url: window.location.origin })}
              </Button>
            )}
          </div>
        </div>
      </Section>
      <Section title={t('settings.parameters.sign_in')} text={t('settings.parameters.sign_in_text')}>
        <div className={two}>
          <Figure form={form} item="password_least" />
          <Figure form={form} item="password_days" />
          <Figure form={form} item="lock_after" />
          <Figure form={form} item="session_idle" />
          <Figure form={form} item="session_days" />
        </div>
      </Section>
      <Section title={t('bin.title')} text={t('settings.parameters.bin_text')}>
        <Bins />
      </Section>
      <Section title={t('settings.audit.title')} text={t('settings.audit.text')}>
        <div className={two}>
          <Figure form={form} item="audit_keep" />
        </div>
      </Section>
    </>
  );
}

/** Each kind of records has a bin of its own. */
function Bins() {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const { entities } = useMeta();
  const kinds = Object.values(entities).filter(({ ops }) => ops.includes('delete'));
  return (
    <Menu
      entries={kinds.map(({ name, plural }) => ({
        id: name,
        name: label(plural),
        onAction: () => void navigate({ to: paths.bin(name) }),
      }))}
    >
      <Button className="self-start">
        <Trash2 size={14} aria-hidden="true" />
        {t('settings.parameters.bin_open')}
        <ChevronDown size={14} aria-hidden="true" className="text-ink-3" />
      </Button>
    </Menu>
  );
}
