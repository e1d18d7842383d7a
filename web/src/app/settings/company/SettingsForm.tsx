import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LeaveGuard } from '@/meta/form/LeaveGuard';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { WaitingLines } from '@/ui/states';
import { CollisionDialog } from '../CollisionDialog';
import { type BankAccount, useSettings, useSettingsForm } from './settings';

export type FormOf = ReturnType<typeof useSettingsForm>;

/** A page of the company's settings: its fields, and one button that saves what was changed. */
export function SettingsForm({ children }: { children(form: FormOf): ReactNode }) {
  const stored = useSettings();
  if (stored.isPending) return <WaitingLines lines={8} />;
  if (stored.isError) return <ProblemNotice error={stored.error} retry={() => stored.refetch()} />;
  return <Form stored={stored.data}>{children}</Form>;
}

function Form({
  stored,
  children,
}: {
  stored: Parameters<typeof useSettingsForm>[0];
  children(form: FormOf): ReactNode;
}) {
  const { t } = useTranslation();
  const form = useSettingsForm(stored);
  const { changed, saving } = form;
  const isReady = changed && !saving.busy && !Object.values(form.value).includes(null);
  return (
    <>
      <LeaveGuard isDirty={() => changed} onGiveUp={form.giveUp} />
      <form
        className="flex flex-col gap-8"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) form.save();
        }}
      >
        {children(form)}
        <div
          className={cx(
            'flex flex-wrap items-center gap-2',
            changed && 'sticky bottom-0 z-10 -mx-1 border-t border-line bg-panel px-1 py-3',
          )}
        >
          {saving.failed !== null && form.collision === null && (
            <div className="min-w-0 basis-full">
              <ProblemNotice error={saving.failed} />
            </div>
          )}
          <Button type="submit" look="primary" isDisabled={!isReady}>
            {t('action.save')}
          </Button>
          {changed && (
            <Button look="quiet" onPress={form.giveUp}>
              {t('settings.roles.give_up')}
            </Button>
          )}
        </div>
      </form>
      <CollisionDialog
        shared={form}
        nameOf={(key) => t(`settings.item.${key}`, { defaultValue: key })}
        textOf={(key, value) =>
          key === 'banks'
            ? (value as BankAccount[]).map((one) => `${one.bank} ${one.number}`).join(t('list.separator'))
            : String(value ?? '')
        }
      />
    </>
  );
}
