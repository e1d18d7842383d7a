import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, send, sendTagged, type Tagged } from '@/api/client';
import type { Row } from '@/api/types';
import { parseInteger } from '@/lib/digits';
import { useMe } from '@/meta/context';
import { FigureField } from '@/meta/fields/number/FigureField';
import { LeaveGuard } from '@/meta/form/LeaveGuard';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { Notice, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { CollisionDialog } from '../CollisionDialog';
import { useSettings } from '../company/settings';
import { Section } from '../Section';
import { useSaving } from '../useSaving';
import { useShared } from '../useShared';
import { Letters } from './Letters';

interface MailServer {
  /** Empty: no mail is sent. */
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  user: string;
  sender: string;
  sender_name: string;
  private: boolean;
  has_password: boolean;
}

const ports = { tls: 465, starttls: 587, none: 25 } as const;

/** Where the mail of most companies here is kept, with what each says of its server. */
const providers = [
  { id: 'exmail', host: 'smtp.exmail.qq.com', security: 'tls' },
  { id: 'aliyun', host: 'smtp.qiye.aliyun.com', security: 'tls' },
  { id: 'netease', host: 'smtphz.qiye.163.com', security: 'tls' },
  { id: 'qq', host: 'smtp.qq.com', security: 'tls' },
  { id: '163', host: 'smtp.163.com', security: 'tls' },
  { id: 'outlook', host: 'smtp.office365.com', security: 'starttls' },
  { id: 'gmail', host: 'smtp.gmail.com', security: 'tls' },
] as const;

/** The server that mail leaves through, a try of it, and what became of the mail. */
export function MailSettings() {
  const { t } = useTranslation();
  const company = useSettings();
  const stored = useQuery({
    queryKey: ['settings', 'mail'],
    queryFn: ({ signal }) => sendTagged<MailServer>('settings/mail', { signal }),
  });
  if (stored.isError) return <ProblemNotice error={stored.error} retry={() => stored.refetch()} />;
  if (stored.isPending) return <WaitingLines lines={8} />;
  return (
    <>
      {stored.data.value.host !== '' && company.data?.value.page_url === '' && (
        <p className="rounded-md bg-warn-wash px-3 py-2 text-warn">
          {t('settings.mail.no_url')}{' '}
          <Link to="/settings/parameters" className="font-medium underline">
            {t('settings.mail.to_parameters')}
          </Link>
        </p>
      )}
      <ServerForm stored={stored.data} />
      <Letters />
    </>
  );
}

function ServerForm({ stored }: { stored: Tagged<MailServer> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const bodyOf = ({ has_password: _, ...server }: MailServer) => ({
    ...server,
    ...(password ? { password } : {}),
  });
  const shared = useShared<MailServer>({
    stored,
    pieces: (value) => ({ ...value }),
    whole: (pieces) => pieces as unknown as MailServer,
    write: async (value, base) => {
      const now = await sendTagged<MailServer>('settings/mail', {
        method: 'PATCH',
        json: bodyOf(value),
        headers: { 'If-Match': base.tag },
      });
      setPassword('');
      client.setQueryData(['settings', 'mail'], now);
      await client.invalidateQueries({ queryKey: ['company'] });
      return now;
    },
  });
  const { value, saving } = shared;
  const [tried, setTried] = useState<Record<string, string>>({});
  const errors = { ...tried, ...saving.errors };
  const put = (part: Partial<MailServer>) => {
    setTried({});
    shared.setValue((old) => ({ ...old, ...part }));
  };
  const changed = shared.changed || password !== '';
  return (
    <>
      <LeaveGuard
        isDirty={() => changed}
        onGiveUp={() => {
          setPassword('');
          shared.giveUp();
        }}
      />
      <form
        className="flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && !saving.busy) shared.save();
        }}
      >
        <Section title={t('settings.mail.server')} text={t('settings.mail.text')}>
          {saving.failed !== null && shared.collision === null && <ProblemNotice error={saving.failed} />}
          <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
            <Select
              label={t('settings.mail.provider')}
              help={t('settings.mail.provider_help')}
              items={[...providers.map(({ id }) => id), 'other' as const].map((id) => ({
                id,
                name: t(`settings.mail.provider_${id}`),
              }))}
              value={providers.find(({ host }) => host === value.host)?.id ?? (value.host ? 'other' : null)}
              onChange={(id) => {
                const chosen = providers.find((one) => one.id === id);
                put(
                  chosen
                    ? {
                        host: chosen.host,
                        security: chosen.security,
                        port: ports[chosen.security],
                        private: false,
                      }
                    : { host: '' },
                );
              }}
            />
            <TextField
              label={t('settings.mail.host')}
              help={t('settings.mail.host_help')}
              value={value.host}
              onChange={(host) => put({ host })}
              error={errors.host}
              autoComplete="off"
            />
            <Segmented
              label={t('settings.mail.security')}
              items={(['tls', 'starttls', 'none'] as const).map((id) => ({
                id,
                name: t(`settings.mail.security_${id}`),
              }))}
              value={value.security}
              onChange={(security) =>
                put({
                  security,
                  ...(value.port === ports[value.security] ? { port: ports[security] } : {}),
                })
              }
              error={errors.security}
            />
            <FigureField
              label={t('settings.mail.port')}
              value={value.port}
              onChange={(port) => put({ port: typeof port === 'number' ? port : 0 })}
              parse={parseInteger}
              error={errors.port}
            />
            <TextField
              label={t('settings.mail.user')}
              help={t('settings.mail.user_help')}
              value={value.user}
              onChange={(user) => put({ user })}
              onBlur={() => {
                // Most servers send only as who signs in.
                if (value.sender === '' && value.user.includes('@')) put({ sender: value.user });
              }}
              error={errors.user}
              autoComplete="off"
            />
            <TextField
              label={t('settings.mail.password')}
              help={t(
                value.user === ''
                  ? 'settings.mail.password_wait'
                  : value.has_password
                    ? 'settings.mail.password_kept'
                    : 'settings.mail.password_help',
              )}
              type="password"
              value={password}
              onChange={(next) => {
                setTried({});
                setPassword(next);
              }}
              error={errors.password}
              autoComplete="new-password"
              isDisabled={value.user === ''}
            />
            <TextField
              label={t('settings.mail.sender')}
              type="email"
              value={value.sender}
              onChange={(sender) => put({ sender })}
              error={errors.sender}
              autoComplete="off"
            />
            <TextField
              label={t('settings.mail.sender_name')}
              value={value.sender_name}
              onChange={(sender_name) => put({ sender_name })}
              error={errors.sender_name}
              autoComplete="off"
            />
          </div>
          <Switch
            label={t('settings.mail.private')}
            help={t('settings.mail.private_help')}
            isRow
            isSelected={value.private}
            onChange={(on) => put({ private: on })}
          />
        </Section>
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="primary" isDisabled={saving.busy || !changed}>
            {t('action.save')}
          </Button>
          {stored.value.host !== '' && value.host !== '' && (
            <Button look="quiet" onPress={() => put({ host: '' })}>
              {t('settings.mail.off')}
            </Button>
          )}
          {value.host === '' && stored.value.host !== '' && (
            <p className="text-ink-2">{t('settings.mail.off_text')}</p>
          )}
        </div>
      </form>
      {value.host !== '' && <Trial body={bodyOf(value)} onErrors={setTried} />}
      <CollisionDialog
        shared={shared}
        nameOf={(key) => t(`settings.mail.${key}`)}
        textOf={(_, side) => String(side ?? '')}
      />
    </>
  );
}

/** Sends a letter through what stands in the form, kept or not. */
function Trial({ body, onErrors }: { body: object; onErrors(errors: Record<string, string>): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const mine = useQuery({
    queryKey: ['records', 'org.member', me.id, 'email'],
    queryFn: ({ signal }) => get<Row>(`records/org.member/${me.id}`, { fields: 'email' }, signal),
  });
  const [typed, setTo] = useState<string | null>(null);
  const own = mine.data?.email;
  const to = typed ?? (typeof own === 'string' ? own : '');
  const [sent, setSent] = useState('');
  const trial = useSaving();
  const wrong = Object.values(trial.errors)[0];
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        setSent('');
        onErrors({});
        const done = await trial.save(
          () => send('settings/mail/test', { method: 'POST', json: { ...body, to: to.trim() } }),
          '',
        );
        if (done) setSent(to.trim());
        await client.invalidateQueries({ queryKey: ['letters'] });
      }}
    >
      <Section title={t('settings.mail.test')} text={t('settings.mail.test_text')}>
        <div className="flex flex-wrap items-end gap-2">
          <div className="w-72 max-desk:w-full">
            <TextField
              label={t('settings.mail.test_to')}
              type="email"
              value={to}
              onChange={setTo}
              autoComplete="email"
            />
          </div>
          <Button type="submit" isDisabled={trial.busy || to.trim() === ''}>
            <Send size={14} aria-hidden="true" />
            {t(trial.busy ? 'settings.mail.test_busy' : 'settings.mail.test_send')}
          </Button>
        </div>
        <div aria-live="polite">
          {sent !== '' && <p className="text-good">{t('settings.mail.test_sent', { to: sent })}</p>}
          {trial.failed !== null &&
            (wrong ? <Notice text={wrong} /> : <ProblemNotice error={trial.failed} />)}
        </div>
      </Section>
    </form>
  );
}
