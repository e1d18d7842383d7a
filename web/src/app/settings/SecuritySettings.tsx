import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, remove } from '@/api/client';
import type { Credential } from '@/api/types';
import { instantText } from '@/lib/format';
import { useFormats, useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { Section } from './Section';
import { useSaving } from './useSaving';

export function SecuritySettings() {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t('settings.password.title')} text={t('settings.password.text')}>
        <PasswordForm />
      </Section>
      <Section title={t('settings.sessions.title')} text={t('settings.sessions.text')}>
        <Sessions />
      </Section>
    </>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const { company } = useMeta();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const { busy, failed, errors, save } = useSaving();
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={async (event) => {
        event.preventDefault();
        if (await save(() => post('me/password', { old, new: next }), t('settings.password.changed'))) {
          setOld('');
          setNext('');
        }
      }}
    >
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <TextField
          label={t('settings.password.old')}
          type="password"
          value={old}
          onChange={setOld}
          error={errors.old}
          autoComplete="current-password"
        />
        <TextField
          label={t('settings.password.new')}
          help={t('setup.admin.password_help', { least: company.password_least })}
          type="password"
          value={next}
          onChange={setNext}
          error={errors.new ?? errors.password}
          autoComplete="new-password"
        />
      </div>
      <Button
        type="submit"
        look="primary"
        className="self-start"
        isDisabled={busy || old === '' || next === ''}
      >
        {t('settings.password.change')}
      </Button>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const formats = useFormats();
  const sessions = useQuery({
    queryKey: ['me', 'sessions'],
    queryFn: () => get<{ items: Credential[] }>('me/sessions'),
  });
  const { save, failed } = useSaving();
  if (sessions.isPending) return <WaitingLines lines={2} />;
  if (sessions.isError) return <ProblemNotice error={sessions.error} retry={() => sessions.refetch()} />;
  return (
    <>
      {failed !== null && <ProblemNotice error={failed} />}
      <ul className="rounded-md border border-line">
        {sessions.data.items.map((session) => (
          <li
            key={session.id}
            className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0"
          >
            <div className="min-w-0 flex-1">
              <p className="truncate">{session.user_agent || t('settings.sessions.unknown')}</p>
              <p className="text-meta text-ink-3">
                {[
                  session.ip,
                  session.last_seen_at &&
                    t('settings.sessions.seen', { at: instantText(session.last_seen_at, formats) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {session.current ? (
              <span className="text-meta text-good">{t('settings.sessions.current')}</span>
            ) : (
              <Button
                onPress={async () => {
                  if (await save(() => remove(`me/sessions/${session.id}`), '')) {
                    await sessions.refetch();
                    toasts.say(t('settings.sessions.ended'));
                  }
                }}
              >
                {t('settings.sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
