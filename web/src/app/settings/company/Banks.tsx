import { Landmark, Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currencies, currencyName } from '@/lib/currencies';
import { halfWidth } from '@/lib/digits';
import { useFormats } from '@/meta/context';
import { Button, IconButton } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { Checkbox } from '@/ui/Switch';
import { Tag } from '@/ui/Tag';
import { TextField } from '@/ui/TextField';
import { SaveDialog } from '../SaveDialog';
import type { FormOf } from './SettingsForm';
import type { BankAccount } from './settings';

/** An account's number without what it is grouped with. */
const bare = (number: string) => number.replace(/[\s-]/g, '');

/** As it is read aloud and compared: the digits by fours. What is grouped already stays. */
const inFours = (number: string) => (/^\d+$/.test(number) ? number.replace(/(\d{4})(?=\d)/g, '$1 ') : number);

/** Papers print one account: the chosen one, else the one that was it, else the first. */
function withDefault(list: BankAccount[], chosen = list.findIndex((one) => one.default)): BankAccount[] {
  const at = Math.max(chosen, 0);
  return list.map((one, i) => ({ ...one, default: i === at }));
}

/** Where customers pay to. */
export function Banks({ form }: { form: FormOf }) {
  const { t } = useTranslation();
  const { banks } = form.value;
  const [edited, setEdited] = useState<number | null>(null);
  const wrong = (at: number) =>
    Object.entries(form.saving.errors)
      .filter(([key]) => key.startsWith(`banks.${at}.`))
      .map(([, text]) => text);
  const keep = (at: number, next: BankAccount) => {
    const list = at < banks.length ? banks.map((one, i) => (i === at ? next : one)) : [...banks, next];
    form.put({ banks: withDefault(list, next.default ? at : undefined) });
    setEdited(null);
  };
  return (
    <div className="flex flex-col gap-3">
      {banks.length > 0 && (
        <ul className="divide-y divide-line rounded-md border border-line">
          {banks.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two accounts may be alike while they are typed
            <li key={at} className="flex min-h-12 items-center gap-3 px-3 py-2">
              <Landmark size={16} aria-hidden="true" className="shrink-0 text-ink-3" />
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-x-2 font-medium">
                  <span className="break-all">
                    {one.bank} {one.branch}
                  </span>
                  {one.default && <Tag name={t('settings.company.bank_default')} />}
                </p>
                <p className="text-meta break-all text-ink-2">
                  <span className="figures">{inFours(one.number)}</span> ·{' '}
                  {one.currency || form.value.currency}
                  {one.swift && ` · ${one.swift}`}
                </p>
                {wrong(at).map((text) => (
                  <p key={text} className="text-meta text-danger" role="alert">
                    {text}
                  </p>
                ))}
              </div>
              <IconButton
                label={t('settings.company.bank_edit', { name: one.bank })}
                onPress={() => setEdited(at)}
              >
                <Pencil size={14} aria-hidden="true" />
              </IconButton>
              <IconButton
                label={t('action.remove_name', { name: `${one.bank} ${one.number}` })}
                onPress={() => form.put({ banks: withDefault(banks.filter((_, i) => i !== at)) })}
              >
                <X size={15} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button className="self-start" onPress={() => setEdited(banks.length)}>
        <Plus size={14} aria-hidden="true" />
        {t('settings.company.bank_add')}
      </Button>
      {edited !== null && (
        <BankDialog
          stored={banks[edited]}
          others={banks.filter((_, i) => i !== edited)}
          company={form.value.name}
          currency={form.value.currency}
          onClose={() => setEdited(null)}
          onKeep={(next) => keep(edited, next)}
        />
      )}
    </div>
  );
}

interface BankDialogProps {
  stored?: BankAccount;
  others: BankAccount[];
  company: string;
  currency: string;
  onClose(): void;
  onKeep(next: BankAccount): void;
}

function BankDialog({ stored, others, company, currency, onClose, onKeep }: BankDialogProps) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const [isLeft, setLeft] = useState(false);
  const [one, setOne] = useState<BankAccount>(
    stored ?? { bank: '', branch: '', account: '', number: '', swift: '', currency, default: false },
  );
  const number = halfWidth(one.number).trim().toUpperCase();
  const isTwice = others.some((other) => bare(other.number) === bare(number));
  const isWrong = !/^[0-9A-Z][0-9A-Z -]{3,39}$/.test(number);
  const wrong = isTwice ? 'bank_twice' : isWrong ? 'bank_number_wrong' : undefined;
  const text = (key: 'bank' | 'branch' | 'account' | 'number' | 'swift', placeholder?: string) => (
    <TextField
      autoFocus={key === 'bank' && !stored}
      onBlur={key === 'number' ? () => setLeft(one.number !== '') : undefined}
      error={key === 'number' && isLeft && wrong ? t(`settings.company.${wrong}`) : undefined}
      label={t(`settings.company.bank_${key}`)}
      isRequired={key === 'bank' || key === 'number'}
      placeholder={placeholder}
      value={one[key]}
      onChange={(next) => setOne((old) => ({ ...old, [key]: next }))}
    />
  );
  return (
    <SaveDialog
      title={t(stored ? 'settings.company.bank_title' : 'settings.company.bank_add')}
      confirm={t(stored ? 'settings.company.bank_keep' : 'settings.company.bank_take')}
      saving={{ busy: false, failed: null }}
      isReady={one.bank.trim() !== '' && wrong === undefined}
      onSave={() => onKeep({ ...one, number })}
      onClose={onClose}
    >
      {text('bank')}
      {text('branch')}
      {text('account', company)}
      {text('number')}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        {text('swift')}
        <Select
          label={t('settings.item.currency')}
          items={currencies.map((id) => ({ id, name: currencyName(id, locale) }))}
          value={one.currency || currency}
          onChange={(next) => setOne((old) => ({ ...old, currency: next ?? currency }))}
        />
      </div>
      <Checkbox
        label={t('settings.company.bank_is_default')}
        // There is always one: the first is it, and it goes on to another by choosing that one.
        isDisabled={others.length === 0 || stored?.default}
        isSelected={one.default || others.length === 0}
        onChange={(on) => setOne((old) => ({ ...old, default: on }))}
      />
    </SaveDialog>
  );
}
