import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post, sendTagged } from '@/api/client';
import type { Job } from '@/api/types';
import { useLabel } from '@/meta/context';
import { watch } from '@/meta/list/bulk';
import type { OptionPatch } from '@/meta/options';
import { useProblemText } from '@/meta/ProblemNotice';
import { Dot } from '@/ui/Dot';
import { Progress } from '@/ui/Progress';
import { Select } from '@/ui/Select';
import { toasts } from '@/ui/toasts';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';

interface MergeDialogProps {
  /** Where the field is changed. */
  path: string;
  tag: string;
  option: OptionPatch;
  options: OptionPatch[];
  /** How many records hold it. */
  live: number;
  /** New records begin with it: a merge changes that too. */
  isDefault: boolean;
  /** There are changes that are not saved: they come first. */
  isChanged: boolean;
  onClose(): void;
  onDone(): Promise<unknown>;
}

interface Merged {
  changeset: string;
  done: number;
  failed: number;
}

/** Puts one option into another: the records that hold it are changed by jobs. */
export function MergeDialog(props: MergeDialogProps) {
  const { path, tag, option, options, live, isDefault, isChanged, onClose, onDone } = props;
  const { t } = useTranslation();
  const [into, setInto] = useState<string | null>(null);
  const [job, setJob] = useState<Job | null>(null);
  const saving = useSaving();
  const problem = useProblemText();
  const label = useLabel();
  const name = label(option.label) || option.code;
  const nameOf = (code: string | null) =>
    label(options.find((one) => one.code === code)?.label) || code || '';

  async function takeBack(results: Merged[]) {
    try {
      for (const result of results.filter((one) => one.done > 0)) {
        const { job } = await post<{ job: string }>(`changesets/${result.changeset}/undo`, {}, { job: true });
        await watch(job, () => {});
      }
      await patch(path, { settings: { options }, ...(isDefault ? { default: option.code } : {}) });
      toasts.say(t('settings.dictionaries.merge_undone', { name }));
    } catch (error) {
      toasts.warn(problem(error));
    }
    await onDone();
  }

  async function submit() {
    const results: Merged[] = [];
    let broken: unknown = null;
    const done = await saving.save(async () => {
      const { value } = await sendTagged<{ jobs: string[] }>(`${path}/merge`, {
        method: 'POST',
        json: { from: option.code, into },
        headers: { 'If-Match': tag },
      });
      try {
        for (const id of value.jobs) results.push((await watch(id, setJob)) as Merged);
      } catch (error) {
        broken = error; // the option is merged all the same
      }
    }, '');
    if (!done) return; // why stands above the fields
    await onDone();
    if (broken !== null) toasts.warn(problem(broken));
    const failed = results.reduce((sum, one) => sum + one.failed, 0);
    if (failed > 0) toasts.warn(t('settings.dictionaries.merge_failed', { count: failed }));
    toasts.say(
      t('settings.dictionaries.merge_done', {
        name,
        into: nameOf(into),
        count: results.reduce((sum, one) => sum + one.done, 0),
      }),
      () => void takeBack(results),
    );
    onClose();
  }

  return (
    <SaveDialog
      title={t('settings.dictionaries.merge_title', { name })}
      confirm={t('settings.dictionaries.merge_confirm')}
      saving={saving}
      isReady={into !== null && !isChanged}
      onSave={submit}
      onClose={onClose}
    >
      <Select
        label={t('settings.dictionaries.merge_into')}
        items={options
          .filter((one) => one.code !== option.code && !one.hidden)
          .map((one) => ({
            id: one.code,
            name: label(one.label) || one.code,
            mark: <Dot color={one.color} />,
          }))}
        value={into}
        onChange={setInto}
        error={saving.errors.into}
        autoFocus
      />
      <p className="text-ink-2">{t('settings.dictionaries.merge_text', { name, count: live })}</p>
      {isChanged && <p className="text-warn">{t('settings.dictionaries.merge_save_first')}</p>}
      {saving.busy && (
        <Progress
          label={t('settings.dictionaries.merging')}
          value={job ? job.done : undefined}
          max={Math.max(job?.total ?? live, 1)}
        />
      )}
    </SaveDialog>
  );
}
