import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '@/api/client';
import type { Me } from '@/api/types';
import { useProblemText } from '@/meta/ProblemNotice';
import { Button, buttonClass } from '@/ui/Button';
import { Notice, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { Doorway } from './Doorway';
import { enter, faceQuery } from './session';

/**
 * Behind an invitation or a reset: the member sets his password himself. The
 * token stands behind the # of the address, which no server and no log sees.
 */
export function JoinPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const problem = useProblemText();
  const [token] = useState(() => window.location.hash.slice(1));
  const owner = useQuery({
    queryKey: ['link', token],
    queryFn: () => post<{ login: string; name: string; company: string }>('session/link/look', { token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: face } = useQuery(faceQuery);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || password === '' || password !== again) return;
    setBusy(true);
    setFailed(null);
    try {
      const { me } = await post<{ me: Me }>('session/link', { token, password });
      await enter(client, me);
      await navigate({ to: '/', replace: true });
    } catch (error) {
      setFailed(error);
      setBusy(false);
    }
  }

  const errors = failed instanceof Problem ? (failed.body.errors ?? []) : [];
  const atPassword = errors.find((error) => error.field === 'password')?.message;
  return (
    <Doorway
      title={owner.data ? t('join.title', { name: owner.data.name }) : t('join.link')}
      text={owner.data && t('join.text', { company: owner.data.company })}
    >
      {owner.isPending && <WaitingLines lines={3} />}
      {owner.isError && (
        <div className="flex flex-col gap-4">
          <Notice text={problem(owner.error)} />
          <Link to="/sign-in" className={buttonClass('plain', 'justify-center')}>
            {t('sign_in.title')}
          </Link>
        </div>
      )}
      {owner.data && (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {failed !== null && !atPassword && <Notice text={problem(failed)} />}
          <TextField
            label={t('sign_in.login')}
            value={owner.data.login}
            onChange={() => {}}
            autoComplete="username"
            isDisabled
          />
          <TextField
            label={t('join.password')}
            help={t('setup.admin.password_help', { least: face?.password_least ?? 8 })}
            type="password"
            value={password}
            onChange={setPassword}
            error={atPassword}
            autoComplete="new-password"
            autoFocus
          />
          <TextField
            label={t('join.again')}
            type="password"
            value={again}
            onChange={setAgain}
            error={again !== '' && again !== password ? t('join.differs') : undefined}
            autoComplete="new-password"
          />
          <Button type="submit" look="primary" isDisabled={busy || password === '' || password !== again}>
            {t('join.submit')}
          </Button>
        </form>
      )}
    </Doorway>
  );
}
