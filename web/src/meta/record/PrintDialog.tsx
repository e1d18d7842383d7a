import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchDocument, saveDocument } from '@/api/download';
import type { Entity, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select } from '@/ui/Select';
import { WaitingLines } from '@/ui/states';
import { useLabel } from '../context';
import { ProblemNotice } from '../ProblemNotice';
import { useLastPrint } from './useLastPrint';

const PdfView = lazy(() => import('@/heavy/pdf/PdfView'));

interface PrintProps {
  entity: Entity;
  row: Row;
  onClose(): void;
}

/** A record on paper, in one of the layouts of its entity: to look at and to take along. */
export default function PrintDialog({ entity, row, onClose }: PrintProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const prints = entity.prints ?? [];
  const [last, keep] = useLastPrint(entity.name);
  const [chosen, setChosen] = useState(
    () => prints.find(({ key }) => key === last)?.key ?? prints[0]?.key ?? '',
  );
  const paper = useQuery({
    queryKey: ['print', entity.name, row.id, row.version, chosen],
    queryFn: ({ signal }) => fetchDocument(`records/${entity.name}/${row.id}/print/${chosen}`, { signal }),
    retry: false,
    // Each is in the audit log: the one on the screen is not made again by itself.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const foot = (
    <>
      {prints.length > 1 && (
        <div className="mr-auto min-w-36 flex-1 desk:max-w-60">
          <Select
            label={t('print.layout')}
            hideLabel
            items={prints.map((one) => ({ id: one.key, name: label(one.label) }))}
            value={chosen}
            onChange={(key) => {
              if (!key) return;
              keep(key);
              setChosen(key);
            }}
          />
        </div>
      )}
      <Button
        look="primary"
        isDisabled={!paper.data}
        onPress={() => paper.data && saveDocument(paper.data, 'application/pdf')}
      >
        <Download size={14} aria-hidden="true" />
        {t('print.download')}
      </Button>
    </>
  );
  return (
    <Dialog title={paper.data?.name || t('print.title')} isOpen onClose={onClose} foot={foot} width="full">
      {/* A paper is in its own language, whatever that of the page is. */}
      <div
        className="flex min-h-0 flex-1 flex-col border-t border-line bg-sunken"
        lang={prints.find(({ key }) => key === chosen)?.language === 'en' ? 'en' : 'zh-CN'}
      >
        {paper.data ? (
          <Suspense fallback={<WaitingLines lines={6} />}>
            <PdfView key={paper.dataUpdatedAt} bytes={paper.data.bytes} name={paper.data.name} />
          </Suspense>
        ) : paper.isError ? (
          <div className="m-auto w-full max-w-lg p-4">
            <ProblemNotice error={paper.error} retry={() => void paper.refetch()} />
          </div>
        ) : (
          <WaitingLines lines={8} />
        )}
      </div>
    </Dialog>
  );
}
