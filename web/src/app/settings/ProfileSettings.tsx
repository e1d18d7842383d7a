import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { apiUrl, patch } from '@/api/client';
import type { Me } from '@/api/types';
import { upload } from '@/api/upload';
import type { Locale } from '@/lib/format';
import { changeLanguage } from '@/lib/i18n';
import {
  choose,
  type Density,
  type LetterSize,
  setDensity,
  setShortcuts,
  setTheme,
  type Theme,
  type Trend,
  useShell,
} from '@/lib/shell';
import { useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { sessionQuery } from '../session';
import { Section } from './Section';
import { useSaving } from './useSaving';

export function ProfileSettings() {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t('settings.profile.title')}>
        <Picture />
        <NameForm />
      </Section>
      <Section title={t('settings.look.title')} text={t('settings.look.text')}>
        <Look />
      </Section>
    </>
  );
}

/** The member's picture: shown, changed, taken away. */
function Picture() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const { busy, failed, save } = useSaving();
  const keep = (file?: File) =>
    save(async () => {
      const avatar = file ? [(await upload(file)).id] : [];
      const { me: changed } = await patch<{ me: Me }>('me', { avatar });
      client.setQueryData<Me | null>(sessionQuery.queryKey, changed);
    });
  return (
    <div className="flex flex-wrap items-center gap-3">
      {failed !== null && <ProblemNotice error={failed} />}
      <Avatar name={me.name} src={me.avatar && apiUrl(`files/${me.avatar}`, { inline: 1 })} size={64} />
      <FileTrigger
        acceptedFileTypes={['image/png', 'image/jpeg', 'image/webp']}
        onSelect={(files) => files?.[0] && keep(files[0])}
      >
        <Button isDisabled={busy}>{t('settings.picture.choose')}</Button>
      </FileTrigger>
      {me.avatar && (
        <Button look="quiet" isDisabled={busy} onPress={() => keep()}>
          {t('settings.picture.remove')}
        </Button>
      )}
    </div>
  );
}

function NameForm() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState(me.name);
  const { busy, failed, errors, save } = useSaving();
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save(async () => {
          await patch('me', { name });
          client.setQueryData<Me | null>(sessionQuery.queryKey, (old) => old && { ...old, name });
        });
      }}
    >
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <TextField
          label={t('settings.profile.name')}
          value={name}
          onChange={setName}
          error={errors.name}
          autoComplete="name"
        />
        <TextField label={t('sign_in.login')} value={me.login} onChange={() => {}} isDisabled />
      </div>
      <Button
        type="submit"
        look="primary"
        className="self-start"
        isDisabled={busy || name.trim() === '' || name === me.name}
      >
        {t('action.save')}
      </Button>
    </form>
  );
}

function Look() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { theme, density, size, trend, locale, shortcuts } = useShell();
  const { failed, save } = useSaving();
  const themes: Theme[] = ['system', 'light', 'dark'];
  const densities: Density[] = ['compact', 'normal', 'wide'];
  const sizes: LetterSize[] = ['normal', 'large', 'larger'];
  const trends: Trend[] = ['red', 'green'];
  const speak = (next: Locale) =>
    save(async () => {
      await changeLanguage(next);
      await patch('me', { locale: next });
      client.setQueryData<Me | null>(sessionQuery.queryKey, (old) => old && { ...old, locale: next });
    }, '');
  return (
    <>
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <Select
          label={t('settings.look.language')}
          items={[
            { id: 'zh-CN', name: t('language.zh') },
            { id: 'en', name: t('language.en') },
          ]}
          value={locale}
          onChange={(next) => speak(next as Locale)}
        />
        <Select
          label={t('settings.look.theme')}
          items={themes.map((id) => ({ id, name: t(`settings.theme.${id}`) }))}
          value={theme}
          onChange={(next) => setTheme(next as Theme)}
        />
        <Select
          label={t('settings.look.density')}
          items={densities.map((id) => ({ id, name: t(`settings.density.${id}`) }))}
          value={density}
          onChange={(next) => setDensity(next as Density)}
        />
        <Select
          label={t('settings.look.size')}
          items={sizes.map((id) => ({ id, name: t(`settings.size.${id}`) }))}
          value={size}
          onChange={(next) => choose({ size: next as LetterSize })}
        />
        <Select
          label={t('settings.look.trend')}
          items={trends.map((id) => ({ id, name: t(`settings.trend.${id}`) }))}
          value={trend}
          onChange={(next) => choose({ trend: next as Trend })}
        />
      </div>
      <Switch
        label={t('settings.look.shortcuts')}
        help={t('settings.look.shortcuts_help')}
        isRow
        isSelected={shortcuts}
        onChange={setShortcuts}
      />
    </>
  );
}
