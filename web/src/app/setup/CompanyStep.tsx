import { useTranslation } from 'react-i18next';
import { currencies, currencyName } from '@/lib/currencies';
import { useShell } from '@/lib/shell';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import type { SetupAnswers } from './SetupPage';

interface CompanyStepProps {
  answers: SetupAnswers;
  errors: Record<string, string>;
  put(part: Partial<SetupAnswers>): void;
  onNext(): void;
}

export function CompanyStep({ answers, errors, put, onNext }: CompanyStepProps) {
  const { t } = useTranslation();
  const locale = useShell((shell) => shell.locale);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (answers.company.trim()) onNext();
      }}
    >
      <TextField
        label={t('setup.company.name')}
        value={answers.company}
        onChange={(company) => put({ company })}
        autoComplete="organization"
        error={errors.company}
        autoFocus
      />
      <Select
        label={t('setup.company.currency')}
        help={t('setup.company.currency_help')}
        items={currencies.map((code) => ({ id: code, name: currencyName(code, locale) }))}
        value={answers.currency}
        onChange={(currency) => put({ currency: currency ?? 'CNY' })}
      />
      <Button type="submit" look="primary" isDisabled={answers.company.trim() === ''}>
        {t('setup.next')}
      </Button>
    </form>
  );
}
