import { useQueryClient } from '@tanstack/react-query';
import { ImageUp, Trash2 } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl, sendTagged } from '@/api/client';
import { bytesText } from '@/lib/format';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Section } from '../Section';
import { useSaving } from '../useSaving';
import { type Settings, settled, useSettings } from './settings';

/** As large as the server takes one, in bytes. */
const mostBytes = 4 * 1024 * 1024;

/** The logo, which everybody sees, and the seal, which only administrators do. */
export function Pictures() {
  const { t } = useTranslation();
  const stored = useSettings();
  if (!stored.data) return null;
  const { logo, seal } = stored.data.value;
  return (
    <Section title={t('settings.company.pictures')} text={t('settings.company.pictures_text')}>
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <Picture which="logo" version={logo} path="company/logo" />
        <Picture which="seal" version={seal} path="settings/pictures/seal" />
      </div>
    </Section>
  );
}

interface PictureProps {
  which: 'logo' | 'seal';
  /** Empty: there is none. */
  version: string;
  path: string;
}

function Picture({ which, version, path }: PictureProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { busy, failed, errors, save } = useSaving();
  const box = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState('');
  const [isOver, setOver] = useState(false);
  const name = t(`settings.company.${which}`);
  const send = (file: File | null) =>
    save(
      async () =>
        settled(
          client,
          await sendTagged<Settings>(`settings/pictures/${which}`, {
            method: file ? 'POST' : 'DELETE',
            body: file ?? undefined,
            headers: file ? { 'Content-Type': file.type || 'application/octet-stream' } : undefined,
          }),
        ),
      t(file ? 'settings.company.picture_set' : 'settings.company.picture_removed', { name }),
    );
  // What the server would refuse is not sent at all.
  function take(file: File | undefined) {
    if (!file || busy) return;
    const isPicture = file.type === 'image/png' || file.type === 'image/jpeg';
    const isSmall = file.size <= mostBytes;
    setRefused(
      !isPicture
        ? t('settings.company.picture_kind')
        : isSmall
          ? ''
          : t('settings.company.picture_large', { size: bytesText(file.size) }),
    );
    if (isPicture && isSmall) send(file);
  }
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <fieldset
      className="flex min-w-0 flex-col gap-2 rounded-md border border-line p-3"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend className="sr-only">{name}</legend>
      <p aria-hidden="true" className="text-meta font-medium text-ink-2">
        {name}
      </p>
      <div
        className={cx(
          'flex h-24 items-center justify-center rounded-sm border border-line text-meta text-ink-3',
          version ? 'bg-white' : 'bg-sunken',
          isOver && 'border-accent bg-accent-wash',
        )}
      >
        {version ? (
          <img
            src={apiUrl(path, { v: version })}
            alt={name}
            className="max-h-20 max-w-[90%] object-contain"
          />
        ) : (
          <>
            <span className="pointer-coarse:hidden">{t('settings.company.picture_drop')}</span>
            <span className="hidden pointer-coarse:inline">{t('settings.company.picture_none')}</span>
          </>
        )}
      </div>
      <p className="text-meta text-ink-3">{t(`settings.company.${which}_help`)}</p>
      {refused !== '' && (
        <p className="text-meta text-danger" role="alert">
          {refused}
        </p>
      )}
      {failed !== null &&
        refused === '' &&
        (errors.file ? (
          <p className="text-meta text-danger" role="alert">
            {errors.file}
          </p>
        ) : (
          <ProblemNotice error={failed} />
        ))}
      <input
        ref={box}
        type="file"
        accept="image/png,image/jpeg"
        aria-label={t('settings.company.picture_choose', { name })}
        className="hidden"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          take(file);
        }}
      />
      <div className="flex gap-2">
        <Button isDisabled={busy} onPress={() => box.current?.click()}>
          <ImageUp size={14} aria-hidden="true" />
          {t(version ? 'settings.company.picture_replace' : 'settings.company.picture_upload', { name })}
        </Button>
        {version && (
          <Button look="quiet" isDisabled={busy} onPress={() => send(null)}>
            <Trash2 size={14} aria-hidden="true" />
            {t('action.remove_name', { name })}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
