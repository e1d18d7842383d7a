import { RotateCw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { bytesText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
import type { Uploads } from './useUploads';

/** Files that are not there yet: how far each is, with the ways to stop and to try again. */
export function Uploading({ uploads }: { uploads: Pick<Uploads, 'waiting' | 'retry' | 'drop'> }) {
  const { t } = useTranslation();
  if (uploads.waiting.length === 0) return null;
  return (
    <ul aria-label={t('file.underway')} className="flex w-full flex-col gap-1.5">
      {uploads.waiting.map(({ key, name, size, sent, state, why, canRetry }) => (
        <li key={key} className="flex items-center gap-2">
          {state === 'failed' ? (
            <p role="alert" className="min-w-0 flex-1">
              <span className="block truncate">{name}</span>
              <span className="block text-meta text-danger">{why}</span>
            </p>
          ) : (
            <Progress
              label={name}
              value={state === 'waiting' ? 0 : sent}
              max={size}
              note={
                why ?? (state === 'waiting' ? t('file.waits') : `${bytesText(sent)} / ${bytesText(size)}`)
              }
              className="flex-1"
            />
          )}
          {state === 'failed' && canRetry && (
            <IconButton label={t('file.retry', { name })} onPress={() => uploads.retry(key)}>
              <RotateCw size={14} aria-hidden="true" />
            </IconButton>
          )}
          <IconButton
            label={t(state === 'failed' ? 'file.forget' : 'file.stop', { name })}
            onPress={() => uploads.drop(key)}
          >
            <X size={14} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
