import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/TextField';
import type { SetupAnswers } from './SetupPage';

interface AdminStepProps {
  answers: SetupAnswers;
  errors: Record<string, string>;
  busy: boolean;
  put(part: Partial<SetupAnswers>): void;
  onBack(): void;
  onNext(): void;
}

export function AdminStep({ answers, errors, busy, put, onBack, onNext }: AdminStepProps) {
  const { t } = useTranslation();
  const ready = answers.name.trim() !== '' && answers.login.trim() !== '' && answers.password !== '';
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) onNext();
      }}
    >
      <TextField
        label={t('setup.admin.name')}
        value={answers.name}
        onChange={(name) => put({ name })}
        autoComplete="name"
        error={errors.name}
        autoFocus
      />
      <TextField
        label={t('sign_in.login')}
        help={t('setup.admin.login_help')}
        value={answers.login}
        onChange={(login) => put({ login })}
        autoComplete="username"
        error={errors.login}
      />
      <TextField
        label={t('sign_in.password')}
        help={t('setup.admin.password_help', { least: 8 })}
        type="password"
        value={answers.password}
        onChange={(password) => put({ password })}
        autoComplete="new-password"
        error={errors.password}
      />
      <div className="flex gap-2">
        <Button onPress={onBack} isDisabled={busy}>
          {t('action.back')}
        </Button>
        <Button type="submit" look="primary" className="flex-1" isDisabled={!ready || busy}>
          {t(busy ? 'setup.creating' : 'setup.create')}
        </Button>
      </div>
    </form>
  );
}
