import { FileSpreadsheet } from 'lucide-react';
import { DropZone, FileTrigger, isFileDropItem, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';

export function FileStep({ busy, onChoose }: { busy: boolean; onChoose(file: File): void }) {
  const { t } = useTranslation();
  return (
    <DropZone
      onDrop={async (event) => {
        const dropped = event.items.find(isFileDropItem);
        if (dropped) onChoose(await dropped.getFile());
      }}
      className="flex flex-col items-center rounded-lg border border-dashed border-line-strong px-6 py-14 text-center data-[drop-target]:border-accent-ink data-[drop-target]:bg-accent-wash"
    >
      <FileSpreadsheet size={28} strokeWidth={1.5} aria-hidden="true" className="mb-3 text-ink-3" />
      <Text slot="label" className="font-medium">
        {t('import.drop')}
      </Text>
      <p className="mt-1 mb-4 max-w-md text-ink-2">{t('import.formats')}</p>
      <FileTrigger
        acceptedFileTypes={['.csv', '.txt', '.tsv', '.xlsx']}
        onSelect={(files) => {
          const file = files?.[0];
          if (file) onChoose(file);
        }}
      >
        <Button look="primary" isDisabled={busy}>
          {t(busy ? 'import.reading' : 'file.choose')}
        </Button>
      </FileTrigger>
    </DropZone>
  );
}
