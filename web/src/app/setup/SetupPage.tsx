// The first run: company and currency, the administrator, the recovery passphrase.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, Problem, post } from '@/api/client';
import type { Me } from '@/api/types';
import { useShell } from '@/lib/shell';
import { useProblemText } from '@/meta/ProblemNotice';
import { Notice } from '@/ui/states';
import { Doorway } from '../Doorway';
import { enter, setupQuery } from '../session';
import { AdminStep } from './AdminStep';
import { CompanyStep } from './CompanyStep';
import { PassphraseStep } from './PassphraseStep';

export interface SetupAnswers {
  company: string;
  currency: string;
  name: string;
  login: string;
  password: string;
}

const steps = ['company', 'admin', 'passphrase'] as const;

export function SetupPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const problem = useProblemText();
  const locale = useShell((shell) => shell.locale);
  const [step, setStep] = useState<(typeof steps)[number]>('company');
  const [answers, setAnswers] = useState<SetupAnswers>({
    company: '',
    currency: 'CNY',
    name: '',
    login: '',
    password: '',
  });
  const [passphrase, setPassphrase] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (part: Partial<SetupAnswers>) => setAnswers((old) => ({ ...old, ...part }));

  async function create() {
    setBusy(true);
    setFailed(null);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    try {
      const made = await post<{ recovery_passphrase: string }>('setup', { ...answers, locale, zone });
      setPassphrase(made.recovery_passphrase);
      setStep('passphrase');
    } catch (error) {
      setFailed(error);
      // What is wrong with the first step cannot be mended on the second.
      const fields = error instanceof Problem ? (error.body.errors ?? []).map(({ field }) => field) : [];
      if (fields.some((field) => field === 'company' || field === 'currency')) setStep('company');
    }
    setBusy(false);
  }

  async function finish() {
    setBusy(true);
    setFailed(null);
    try {
      const { me } = await get<{ me: Me }>('session');
      await enter(client, me);
      client.setQueryData(setupQuery.queryKey, { needed: false });
      await navigate({ to: '/', replace: true });
    } catch (error) {
      setFailed(error);
    }
    setBusy(false);
  }

  // The passphrase is shown this once: nobody closes the page by mistake.
  useEffect(() => {
    if (step !== 'passphrase') return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [step]);

  const at = steps.indexOf(step);
  const errors =
    failed instanceof Problem
      ? Object.fromEntries((failed.body.errors ?? []).map((e) => [e.field ?? '', e.message]))
      : {};
  return (
    <Doorway title={t(`setup.${step}.title`)} text={t(`setup.${step}.text`)}>
      <p className="mb-4 text-meta text-ink-3">{t('setup.step', { n: at + 1, of: steps.length })}</p>
      {failed !== null && (
        <div className="mb-4">
          <Notice text={step === 'passphrase' ? t('setup.finish_failed') : problem(failed)}>
            {failed instanceof Problem && failed.status === 409 && (
              <Link
                to="/sign-in"
                className="font-medium underline"
                onClick={() => client.setQueryData(setupQuery.queryKey, { needed: false })}
              >
                {t('setup.to_sign_in')}
              </Link>
            )}
          </Notice>
        </div>
      )}
      {step === 'company' && (
        <CompanyStep answers={answers} put={put} errors={errors} onNext={() => setStep('admin')} />
      )}
      {step === 'admin' && (
        <AdminStep
          answers={answers}
          put={put}
          errors={errors}
          busy={busy}
          onBack={() => setStep('company')}
          onNext={create}
        />
      )}
      {step === 'passphrase' && (
        <PassphraseStep company={answers.company} passphrase={passphrase} busy={busy} onDone={finish} />
      )}
    </Doorway>
  );
}
