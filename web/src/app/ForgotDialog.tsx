import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import { useProblemText } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/states';
import { TextField } from '@/ui/TextField';

/** Asks for a link by mail. What it says is the same whether there is such a member or not. */
export default function ForgotDialog({ login: typed, onClose }: { login: string; onClose(): void }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const [login, setLogin] = useState(typed);
  const [state, setState] = useState<'asking' | 'busy' | 'asked'>('asking');
  const [failed, setFailed] = useState<unknown>(null);
  async function ask() {
    setState('busy');
    setFailed(null);
    try {
      await post('session/forgot', { login: login.trim() });
      setState('asked');
    } catch (error) {
      setFailed(error);
      setState('asking');
    }
  }
  return (
    <Dialog
      title={t('sign_in.forgot_title')}
      isOpen
      onClose={onClose}
      foot={
        state === 'asked' ? (
          <Button look="primary" onPress={onClose}>
            {t('sign_in.forgot_done')}
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" isDisabled={login.trim() === '' || state === 'busy'} onPress={ask}>
              {t('sign_in.forgot_send')}
            </Button>
          </>
        )
      }
    >
      {state === 'asked' ? (
        <p aria-live="polite">{t('sign_in.forgot_asked')}</p>
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (login.trim() !== '' && state === 'asking') ask();
          }}
        >
          {failed !== null && <Notice text={problem(failed)} />}
          <p className="text-ink-2">{t('sign_in.forgot_text')}</p>
          <TextField
            label={t('sign_in.login')}
            value={login}
            onChange={setLogin}
            autoComplete="username"
            autoFocus
          />
        </form>
      )}
    </Dialog>
  );
}
