import { FileText } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import { cx } from '@/ui/cx';
import { isPicture } from '../fields/file';

const FilePreview = lazy(() => import('./FilePreview'));

/** Files as pictures of what is in them; a press shows one in full. */
export function FileTiles({ files, isSmall = false }: { files: FileRef[]; isSmall?: boolean }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<number | null>(null);
  return (
    <>
      <ul className="mt-2 flex flex-wrap gap-2">
        {files.map((file, i) => (
          <li key={file.id}>
            <button
              type="button"
              onClick={() => setShown(i)}
              aria-label={t('file.show', { name: file.name ?? '' })}
              className={cx(
                'flex flex-col overflow-hidden rounded-md border border-line bg-sunken text-left hover:border-line-strong',
                isSmall ? 'w-24' : 'w-36',
              )}
            >
              <span className={cx('grid w-full place-items-center', isSmall ? 'h-16' : 'h-24')}>
                {isPicture(file) ? (
                  <img
                    src={apiUrl(`files/${file.id}`, { inline: 1 })}
                    alt=""
                    loading="lazy"
                    decoding="async"
                    className="size-full object-cover"
                  />
                ) : (
                  <FileText
                    size={isSmall ? 20 : 26}
                    strokeWidth={1.5}
                    aria-hidden="true"
                    className="text-ink-3"
                  />
                )}
              </span>
              <span className="w-full border-t border-line bg-panel px-2 py-1">
                <span className="block truncate text-meta">{file.name}</span>
                {!isSmall && <span className="block text-meta text-ink-3">{bytesText(file.size ?? 0)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <Suspense>
          <FilePreview files={files} at={shown} onMove={setShown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </>
  );
}
