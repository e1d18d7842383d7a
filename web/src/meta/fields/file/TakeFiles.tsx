import { Camera, Upload } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';

interface TakeFilesProps {
  isMany: boolean;
  onFiles(files: File[]): void;
}

/** The ways to bring a file: chosen, and on a phone photographed; dropping and pasting are told of. */
export function TakeFiles({ isMany, onFiles }: TakeFilesProps) {
  const { t } = useTranslation();
  const take = (list: FileList | null) => onFiles([...(list ?? [])]);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FileTrigger allowsMultiple={isMany} onSelect={take}>
        <Button>
          <Upload size={14} aria-hidden="true" />
          {t('file.choose')}
        </Button>
      </FileTrigger>
      <span className="hidden pointer-coarse:contents">
        <FileTrigger acceptedFileTypes={['image/*']} defaultCamera="environment" onSelect={take}>
          <Button>
            <Camera size={14} aria-hidden="true" />
            {t('file.photo')}
          </Button>
        </FileTrigger>
      </span>
      <p className="text-meta text-ink-3 pointer-coarse:hidden">{t('file.drop')}</p>
    </div>
  );
}
