import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchDocument } from '@/api/download';
import type { Print } from '@/api/types';
import { WaitingLines } from '@/ui/states';
import { ProblemNotice } from '../ProblemNotice';

const PdfView = lazy(() => import('@/heavy/pdf/PdfView'));

/** How long nothing must change before the paper is drawn anew, in ms. */
const rest = 500;

/** A layout as it is being edited, drawn by the server for the newest record. */
export function PrintPreview({ entity, print }: { entity: string; print: Print }) {
  const { t } = useTranslation();
  const [still, setStill] = useState(print);
  useEffect(() => {
    const wait = setTimeout(() => setStill(print), rest);
    return () => clearTimeout(wait);
  }, [print]);
  const paper = useQuery({
    queryKey: ['print', 'preview', entity, still],
    queryFn: ({ signal }) =>
      fetchDocument(`customize/entities/${entity}/print-preview`, { json: { print: still }, signal }),
    retry: false,
    placeholderData: (last) => last,
    gcTime: 0,
  });
  return (
    <section
      aria-label={t('settings.prints.preview')}
      lang={print.language === 'en' ? 'en' : 'zh-CN'}
      className="flex min-h-0 min-w-0 flex-1 flex-col bg-sunken"
    >
      {paper.isError ? (
        <div className="m-auto w-full max-w-md p-4">
          <ProblemNotice error={paper.error} />
        </div>
      ) : paper.data ? (
        <Suspense fallback={<WaitingLines lines={6} />}>
          <PdfView bytes={paper.data.bytes} name={paper.data.name} />
        </Suspense>
      ) : (
        <WaitingLines lines={8} />
      )}
    </section>
  );
}
