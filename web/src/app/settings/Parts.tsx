import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { LeaveGuard } from '@/meta/form/LeaveGuard';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import type { Saving } from './useSaving';

interface PartsProps<T extends string> {
  label: string;
  tabs: readonly T[];
  nameOf(tab: T): string;
  tab: T;
  onTab(tab: T): void;
  /** Whether anything of any part is changed and not saved. */
  changed: boolean;
  saving: Pick<Saving, 'busy' | 'failed'>;
  onGiveUp(): void;
  onSave(): void;
  children: ReactNode;
}

/** Parts of one thing side by side, which are saved together. */
export function Parts<T extends string>(props: PartsProps<T>) {
  const { label, tabs, nameOf, tab, onTab, changed, saving, onGiveUp, onSave, children } = props;
  const id = useId();
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        role="tablist"
        aria-label={label}
        className="flex h-11 shrink-0 items-center gap-0.5 border-b border-line px-3"
      >
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`${id}${one}`}
            aria-selected={one === tab}
            aria-controls={id}
            onClick={() => onTab(one)}
            className={cx(
              'h-7 rounded-sm px-2.5 pointer-coarse:h-9',
              one === tab ? 'bg-pressed font-medium' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {nameOf(one)}
          </button>
        ))}
      </div>
      <div id={id} role="tabpanel" aria-labelledby={`${id}${tab}`} className="min-h-0 flex-1">
        {children}
      </div>
      <SaveBar {...{ changed, saving, onGiveUp, onSave }} />
    </div>
  );
}

/** What is changed and not saved, at the foot of a page; nothing while nothing is. */
export function SaveBar({
  changed,
  saving,
  onGiveUp,
  onSave,
}: Pick<PartsProps<string>, 'changed' | 'saving' | 'onGiveUp' | 'onSave'>) {
  const { t } = useTranslation();
  if (!changed && saving.failed === null) return null;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2.5">
      <LeaveGuard isDirty={() => changed} onGiveUp={onGiveUp} />
      <div className="min-w-0 flex-1 text-ink-2">
        {saving.failed !== null ? <ProblemNotice error={saving.failed} /> : t('settings.roles.changed')}
      </div>
      <Button onPress={onGiveUp}>{t('settings.roles.give_up')}</Button>
      <Button look="primary" isDisabled={saving.busy} onPress={onSave}>
        {t('action.save')}
      </Button>
    </div>
  );
}
