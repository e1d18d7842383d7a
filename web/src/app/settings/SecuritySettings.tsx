import { useQuery } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, remove } from '@/api/client';
import type { Credential } from '@/api/types';
import { deviceOf } from '@/lib/devices';
import { instantText } from '@/lib/format';
import { useFormats, useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
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

/** The name of a session's device, as people call it. */
function useDeviceName(): (session: Credential) => string {
  const { t } = useTranslation();
  return ({ user_agent }) => {
    const device = deviceOf(user_agent);
    if (!device) return t('settings.sessions.unknown');
    const browser = device.name ?? t(`settings.sessions.app.${device.word ?? 'other'}`);
    return device.system ? t('settings.sessions.on', { browser, system: device.system }) : browser;
  };
}

function Sessions() {
  const { t } = useTranslation();
  const nameOf = useDeviceName();
  const sessions = useQuery({
    queryKey: ['me', 'sessions'],
    queryFn: () => get<{ items: Credential[] }>('me/sessions'),
  });
  const { busy, save, failed } = useSaving();
  if (sessions.isPending) return <WaitingLines lines={2} />;
  if (sessions.isError) return <ProblemNotice error={sessions.error} retry={() => sessions.refetch()} />;
  // This device stands first: it is the one that is known for sure.
  const rows = [...sessions.data.items].sort((a, b) => Number(b.current) - Number(a.current));
  const others = rows.filter(({ current }) => !current);
  const end = (which: Credential[], said: string) =>
    save(async () => {
      try {
        for (const { id } of which) await remove(`me/sessions/${id}`);
      } finally {
        await sessions.refetch();
      }
    }, said);
  return (
    <>
      {failed !== null && <ProblemNotice error={failed} />}
      <ul className="rounded-md border border-line">
        {rows.map((session) => (
          <SessionLine key={session.id} session={session} name={nameOf(session)}>
            <Button
              isDisabled={busy}
              aria-label={t('settings.sessions.end_name', { name: nameOf(session) })}
              onPress={() => end([session], t('settings.sessions.ended'))}
            >
              {t('settings.sessions.end')}
            </Button>
          </SessionLine>
        ))}
      </ul>
      {others.length === 0 && <p className="text-meta text-ink-3">{t('settings.sessions.only')}</p>}
      {others.length > 1 && (
        <Button
          className="self-start"
          isDisabled={busy}
          onPress={() => end(others, t('settings.sessions.ended_others', { count: others.length }))}
        >
          {t('settings.sessions.end_others')}
        </Button>
      )}
    </>
  );
}

interface SessionLineProps {
  session: Credential;
  name: string;
  /** What ends it. */
  children: ReactNode;
}

function SessionLine({ session, name, children }: SessionLineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { ip, created_at, last_seen_at, current, user_agent } = session;
  const Sign = /mobile|iphone|ipad|android/i.test(user_agent ?? '') ? Smartphone : Monitor;
  const notes = [
    ip ?? '',
    t('settings.sessions.signed_in', { at: instantText(created_at, formats) }),
    last_seen_at && t('settings.sessions.seen', { at: instantText(last_seen_at, formats) }),
  ];
  return (
    <li className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0">
      <Sign size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="truncate">{name}</p>
        <p className="flex flex-wrap gap-x-3 text-meta text-ink-3 *:whitespace-nowrap">
          {notes.filter(Boolean).map((note) => (
            <span key={note}>{note}</span>
          ))}
        </p>
      </div>
      {current ? (
        <span className="text-meta whitespace-nowrap text-good">{t('settings.sessions.current')}</span>
      ) : (
        children
      )}
    </li>
  );
}
