import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, Download, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl, get, post, sendTagged } from '@/api/client';
import { parseInteger } from '@/lib/digits';
import { agoText, bytesText, decimalText, instantText } from '@/lib/format';
import { useFormats } from '@/meta/context';
import { FigureField } from '@/meta/fields/number/FigureField';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button, buttonClass } from '@/ui/Button';
import { TimePicker } from '@/ui/DatePicker';
import { Dot } from '@/ui/Dot';
import { Progress } from '@/ui/Progress';
import { Notice, WaitingLines } from '@/ui/states';
import { settled, useSettings } from '../company/settings';
import { Section } from '../Section';
import { useSaving } from '../useSaving';
import { PassphraseDialog } from './PassphraseDialog';

interface Stored {
  backup_at: string;
  backup_keep: number;
}

interface BackupFile {
  name: string;
  size: number;
  created_at: string;
}

interface Work {
  id: string;
  kind: string;
  state: string;
  done: number;
  /** missing: files of records that the backup has not. */
  result: { name?: string; rows?: number; missing?: number } | null;
  error: { detail: string } | null;
  created_at: string;
  finished_at?: string;
}

const live = (work: Work) => work.state === 'queued' || work.state === 'running';

/** Copies of everything: when they are made, which there are, whether they can be restored. */
export function BackupSettings() {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Schedule />
      <Files />
      <Section title={t('settings.backup.passphrase')} text={t('settings.backup.passphrase_text')}>
        <Button className="self-start" onPress={() => setChanging(true)}>
          <KeyRound size={14} aria-hidden="true" />
          {t('settings.backup.new_passphrase')}
        </Button>
      </Section>
      <History />
      {changing && <PassphraseDialog onClose={() => setChanging(false)} />}
    </>
  );
}

function Schedule() {
  const { t } = useTranslation();
  const stored = useSettings();
  return (
    <Section title={t('settings.backup.daily')} text={t('settings.backup.text')}>
      {stored.isError && <ProblemNotice error={stored.error} retry={() => stored.refetch()} />}
      {stored.isPending && <WaitingLines lines={2} />}
      {stored.data && <LastBackup isOn={stored.data.value.backup_at !== ''} />}
      {stored.data && <ScheduleForm key={stored.data.tag} stored={stored.data.value} />}
    </Section>
  );
}

/** Whether one may sleep well: how the last backup went, or that there will be none. */
function LastBackup({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const work = useWork();
  const last = work.data?.find((one) => one.kind === 'backup' && !live(one));
  if (!work.data) return null;
  const ago = last ? agoText(last.created_at, formats.locale) || t('timeline.just_now') : '';
  if (last?.state === 'failed')
    return <Notice text={t('settings.backup.last_failed', { ago, why: last.error?.detail ?? '' })} />;
  return (
    <>
      {!isOn && <p className="rounded-md bg-warn-wash px-3 py-2 text-warn">{t('settings.backup.is_off')}</p>}
      {last && (
        <p className="flex items-center gap-2 text-ink-2">
          <Dot color={stateColor[last.state]} />
          {t('settings.backup.last_done', { ago })}
        </p>
      )}
    </>
  );
}

function ScheduleForm({ stored }: { stored: Stored }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [at, setAt] = useState<string | null>(stored.backup_at || null);
  const [keep, setKeep] = useState<unknown>(stored.backup_keep);
  const { busy, failed, errors, save } = useSaving();
  const changed = (at ?? '') !== stored.backup_at || keep !== stored.backup_keep;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save(async () => {
          await settled(
            client,
            await sendTagged('settings', {
              method: 'PATCH',
              json: { backup_at: at ?? '', backup_keep: keep },
            }),
          );
        });
      }}
    >
      {failed !== null && <ProblemNotice error={failed} />}
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <TimePicker
          label={t('settings.backup.at')}
          help={t('settings.backup.at_help')}
          value={at}
          onChange={(next) => setAt(next?.slice(0, 5) ?? null)}
          error={errors.backup_at}
        />
        <FigureField
          label={t('settings.backup.keep')}
          help={t('settings.backup.keep_help')}
          value={keep}
          onChange={setKeep}
          parse={parseInteger}
          error={errors.backup_keep}
        />
      </div>
      <Button type="submit" look="primary" className="self-start" isDisabled={busy || !changed}>
        {t('action.save')}
      </Button>
    </form>
  );
}

/**
 * Backups and trial restores, the newest first, those under way asked for again each
 * second. Each kind is asked for by itself: imports and exports of a busy day do not push them out.
 */
function useWork() {
  return useQuery({
    queryKey: ['jobs', 'backup'],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        ['backup', 'drill'].map((kind) => get<{ items: Work[] }>('jobs', { kind, limit: 100 }, signal)),
      );
      return pages
        .flatMap(({ items }) => items)
        .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0));
    },
    refetchInterval: ({ state }) => ((state.data ?? []).some(live) ? 1000 : false),
  });
}

function Files() {
  const { t } = useTranslation();
  const formats = useFormats();
  const client = useQueryClient();
  const work = useWork();
  const last = work.data?.find((one) => one.kind === 'backup');
  const files = useQuery({
    queryKey: ['backups', last?.id, last?.state],
    queryFn: ({ signal }) => get<{ items: BackupFile[] }>('backups', {}, signal),
    placeholderData: (old) => old,
  });
  const { busy, failed, save } = useSaving();
  const begin = (path: string, said: string) =>
    save(async () => {
      await post(path, {});
      await client.invalidateQueries({ queryKey: ['jobs'] });
    }, said);
  const running = (work.data ?? []).find(live);
  const proof = (name: string) =>
    work.data?.find((one) => one.kind === 'drill' && one.state === 'done' && one.result?.name === name);
  return (
    <Section title={t('settings.backup.files')} text={t('settings.backup.files_text')}>
      {failed !== null && <ProblemNotice error={failed} />}
      {files.isError && <ProblemNotice error={files.error} retry={() => files.refetch()} />}
      <Button
        className="self-start"
        isDisabled={busy || running !== undefined}
        onPress={() => begin('backup', t('settings.backup.started'))}
      >
        <Archive size={14} aria-hidden="true" />
        {t('settings.backup.now')}
      </Button>
      {running && (
        <Progress
          label={t(`settings.backup.running_${running.kind}`)}
          note={running.done > 0 ? t('settings.backup.rows_so_far', { rows: decimalText(running.done) }) : ''}
        />
      )}
      {files.isPending && <WaitingLines lines={3} />}
      {files.data?.items.length === 0 && (
        <p className="rounded-md border border-dashed border-line-strong px-4 py-5 text-center text-ink-2">
          {t('settings.backup.none')} · {t('settings.backup.none_text')}
        </p>
      )}
      {(files.data?.items.length ?? 0) > 0 && (
        <ul className="rounded-md border border-line">
          {files.data?.items.map((file) => {
            const proven = proof(file.name);
            return (
              <li
                key={file.name}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2 pr-2 pl-3 last:border-b-0"
              >
                <div className="min-w-48 flex-1">
                  <p className="font-medium">
                    {instantText(file.created_at, formats)}{' '}
                    <span className="pl-1 text-meta font-normal whitespace-nowrap text-ink-3">
                      {bytesText(file.size)}
                    </span>
                  </p>
                  <p className="text-meta break-words text-ink-3">{file.name}</p>
                </div>
                <Proof work={proven} />
                <Button
                  isDisabled={busy || running !== undefined}
                  aria-label={t('settings.backup.drill_of', { name: file.name })}
                  onPress={() =>
                    begin(
                      `backups/${encodeURIComponent(file.name)}/drill`,
                      t('settings.backup.drill_started'),
                    )
                  }
                >
                  {t('settings.backup.drill')}
                </Button>
                <a
                  href={apiUrl(`backups/${encodeURIComponent(file.name)}`)}
                  download={file.name}
                  className={buttonClass('quiet')}
                  aria-label={t('settings.backup.download_of', { name: file.name })}
                >
                  <Download size={14} aria-hidden="true" />
                  {t('settings.backup.download')}
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

/** What the last trial restore of a backup showed. */
function Proof({ work }: { work: Work | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const missing = work?.result?.missing ?? 0;
  const at = work && instantText(work.finished_at ?? work.created_at, formats);
  return (
    <span className="flex items-center gap-2 text-meta text-ink-2">
      <Dot color={!work ? 'gray' : missing > 0 ? 'orange' : 'green'} />
      {!work && t('settings.backup.unproven')}
      {work &&
        (missing > 0
          ? t('settings.backup.proven_lacks', { at, count: missing })
          : t('settings.backup.proven', { at, rows: decimalText(work.result?.rows ?? 0) }))}
    </span>
  );
}

const stateColor: Record<string, string> = { done: 'green', failed: 'red', running: 'blue', queued: 'gray' };

function History() {
  const { t } = useTranslation();
  const formats = useFormats();
  const work = useWork();
  if (!work.data || work.data.length === 0) return null;
  return (
    <Section title={t('settings.backup.history')} text={t('settings.backup.history_text')}>
      <ul className="rounded-md border border-line">
        {work.data.slice(0, 30).map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center gap-x-3 border-b border-line px-3 py-1.5 last:border-b-0"
          >
            <span className="figures text-ink-2">{instantText(one.created_at, formats)}</span>
            <span>{t(`settings.backup.kind_${one.kind}`)}</span>
            <span className="ml-auto flex items-center gap-2">
              <Dot color={stateColor[one.state]} />
              {t(`settings.backup.state_${one.state}`)}
            </span>
            {one.error && <p className="w-full text-danger">{one.error.detail}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
