import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Download, FileText } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import { buttonClass, IconButton } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { WaitingLines } from '@/ui/states';
import { isPicture } from '../fields/file';

const PdfView = lazy(() => import('@/heavy/pdf/PdfView'));

interface PreviewProps {
  files: FileRef[];
  at: number;
  onMove(at: number): void;
  onClose(): void;
}

/** One file in full; the arrow keys go to the next and the one before. */
export default function FilePreview({ files, at, onMove, onClose }: PreviewProps) {
  const { t } = useTranslation();
  const file = files[at];
  if (!file) return null;
  const move = (step: number) => onMove((at + step + files.length) % files.length);
  function press(event: KeyboardEvent) {
    if (files.length < 2) return;
    if (event.key === 'ArrowRight') move(1);
    if (event.key === 'ArrowLeft') move(-1);
  }
  const foot = (
    <>
      {files.length > 1 && (
        <div className="mr-auto flex items-center gap-1">
          <IconButton label={t('file.before')} onPress={() => move(-1)}>
            <ChevronLeft size={16} aria-hidden="true" />
          </IconButton>
          <span className="figures text-ink-3">{t('file.nth', { n: at + 1, of: files.length })}</span>
          <IconButton label={t('file.next')} onPress={() => move(1)}>
            <ChevronRight size={16} aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <a href={apiUrl(`files/${file.id}`)} download={file.name ?? ''} className={buttonClass('plain')}>
        <Download size={14} aria-hidden="true" />
        {t('file.download', { size: bytesText(file.size ?? 0) })}
      </a>
    </>
  );
  return (
    <Dialog title={file.name ?? ''} isOpen onClose={onClose} foot={foot} width="full">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys have their buttons below */}
      <div onKeyDown={press} className="flex min-h-0 flex-1 flex-col border-t border-line bg-sunken">
        <Content file={file} />
      </div>
    </Dialog>
  );
}

/** Texts up to this size are shown. */
const mostText = 500_000;

function Content({ file }: { file: FileRef }) {
  const { t } = useTranslation();
  if (isPicture(file)) {
    return (
      <img
        src={apiUrl(`files/${file.id}`, { inline: 1 })}
        alt={file.name ?? ''}
        className="m-auto max-h-full max-w-full object-contain p-3"
      />
    );
  }
  if (file.mime === 'application/pdf') {
    return (
      <Suspense fallback={<WaitingLines lines={6} />}>
        <PdfView key={file.id} url={apiUrl(`files/${file.id}`)} name={file.name ?? ''} />
      </Suspense>
    );
  }
  if (/^(text\/|application\/json)/.test(file.mime ?? '') && (file.size ?? 0) <= mostText)
    return <Words file={file} />;
  return (
    <p className="m-auto flex flex-col items-center gap-2 px-4 py-12 text-center text-ink-2">
      <FileText size={28} strokeWidth={1.5} aria-hidden="true" className="text-ink-3" />
      {t('file.no_preview')}
    </p>
  );
}

function Words({ file }: { file: FileRef }) {
  const { t } = useTranslation();
  const words = useQuery({
    queryKey: ['file', file.id],
    queryFn: async ({ signal }) => {
      const answer = await fetch(apiUrl(`files/${file.id}`), { credentials: 'same-origin', signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return decoded(await answer.arrayBuffer());
    },
  });
  if (words.isPending) return <WaitingLines lines={6} />;
  if (words.isError) return <p className="m-auto px-4 py-12 text-danger">{t('file.failed')}</p>;
  return (
    <pre className="w-full min-h-0 flex-1 overflow-auto p-3 font-mono text-meta whitespace-pre-wrap">
      {words.data}
    </pre>
  );
}

/** UTF-8 where it is, else what Chinese programs write. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
