import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import { useProblemText } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { Doorway } from './Doorway';
import { faceQuery, renew, signIn } from './session';

const ForgotDialog = lazy(() => import('./ForgotDialog'));

export function SignInPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const problem = useProblemText();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  /** The password is right and too old: another is asked for. */
  const [isAged, setAged] = useState(false);
  const [next, setNext] = useState('');
  const [forgot, setForgot] = useState(false);
  const { data: face } = useQuery(faceQuery);
  const passwordBox = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || login.trim() === '') return;
    if (password === '') {
      passwordBox.current?.focus();
      return;
    }
    setBusy(true);
    setFailed(null);
    try {
      if (isAged) await renew(client, login.trim(), password, next);
      else await signIn(client, login.trim(), password);
      await navigate({ to: to ?? '/', replace: true });
    } catch (error) {
      setFailed(error);
      if (error instanceof Problem && error.body.key === 'error.password_aged') setAged(true);
      else if (!isAged) {
        setPassword('');
        passwordBox.current?.focus();
      }
    }
    setBusy(false);
  }

  const atNext =
    failed instanceof Problem
      ? failed.body.errors?.find((one) => one.field === 'password')?.message
      : undefined;
  const wrong = failed instanceof Problem && failed.status === 401;
  return (
    <Doorway title={t('sign_in.title')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {failed !== null && !atNext && <Notice text={wrong ? t('sign_in.wrong') : problem(failed)} />}
        <TextField
          label={t('sign_in.login')}
          value={login}
          onChange={setLogin}
          autoComplete="username"
          autoFocus
        />
        <TextField
          label={t('sign_in.password')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          inputRef={passwordBox}
        />
        {isAged && (
          <TextField
            label={t('settings.password.new')}
            help={t('setup.admin.password_help', { least: face?.password_least ?? 8 })}
            type="password"
            value={next}
            onChange={setNext}
            autoComplete="new-password"
            error={atNext}
            autoFocus
          />
        )}
        <Button type="submit" look="primary" isDisabled={busy || (isAged && next === '')}>
          {t(isAged ? 'join.submit' : 'sign_in.submit')}
        </Button>
        {face && !face.mail && !isAged && (
          <p className="text-center text-meta text-ink-3">{t('sign_in.forgot_ask')}</p>
        )}
        {face?.mail && !isAged && (
          <Button look="quiet" className="self-center" onPress={() => setForgot(true)}>
            {t('sign_in.forgot')}
          </Button>
        )}
      </form>
      {forgot && (
        <Suspense>
          <ForgotDialog login={login} onClose={() => setForgot(false)} />
        </Suspense>
      )}
    </Doorway>
  );
}
