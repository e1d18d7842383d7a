import { Camera, Upload } from 'lucide-react';
import { type ClipboardEvent, type DragEvent, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { upload } from '@/api/client';
import type { Entity, FileRef, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { toasts } from '@/ui/toasts';
import { may, useLabel } from '../context';
import { useProblemText } from '../ProblemNotice';
import { FileTiles } from './FileTiles';
import { fileFields, filesOf, uploadField } from './roles';
import type { Saving } from './useSaving';

interface FilesTabProps {
  entity: Entity;
  row: Row;
  saving: Saving;
}

/** The files of a record: chosen, dropped, pasted, or photographed with a phone. */
export default function FilesTab({ entity, row, saving }: FilesTabProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const problem = useProblemText();
  const [left, setLeft] = useState(0);
  const [isOver, setOver] = useState(false);
  const field = may(entity, 'update') ? uploadField(entity) : undefined;
  const files = filesOf(entity, row);

  async function add(list: FileList | File[] | null) {
    const chosen = [...(list ?? [])];
    if (!field || chosen.length === 0) return;
    setLeft(chosen.length);
    const sent: FileRef[] = [];
    try {
      for (const file of chosen) {
        sent.push(await upload(file));
        setLeft((n) => n - 1);
      }
    } catch (error) {
      toasts.warn(problem(error));
    }
    setLeft(0);
    try {
      if (sent.length > 0) await saving.addFiles(field, sent);
    } catch (error) {
      toasts.warn(problem(error));
    }
  }

  const taking = field && {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void add(event.dataTransfer.files);
    },
    onPaste: (event: ClipboardEvent) => {
      if (event.clipboardData.files.length === 0) return;
      event.preventDefault();
      void add(event.clipboardData.files);
    },
  };
  return (
    <ScrollArea label={t('record.files')} className="flex-1 px-4 py-4 desk:px-6 desk:py-5">
      <div {...taking} className="min-h-full">
        {field && (
          <div
            className={cx(
              'mb-4 flex flex-wrap items-center gap-2 rounded-md border border-dashed p-3',
              isOver ? 'border-accent-ink bg-accent-wash' : 'border-line-strong',
            )}
          >
            <FileTrigger allowsMultiple onSelect={add}>
              <Button isDisabled={left > 0}>
                <Upload size={14} aria-hidden="true" />
                {left > 0 ? t('file.sending', { n: left }) : t('file.choose')}
              </Button>
            </FileTrigger>
            <FileTrigger acceptedFileTypes={['image/*']} defaultCamera="environment" onSelect={add}>
              <Button isDisabled={left > 0} className="hidden pointer-coarse:inline-flex">
                <Camera size={14} aria-hidden="true" />
                {t('file.photo')}
              </Button>
            </FileTrigger>
            <p className="text-meta text-ink-3 pointer-coarse:hidden">{t('file.drop')}</p>
          </div>
        )}
        {files.length === 0 && <p className="py-6 text-ink-3">{t('file.none')}</p>}
        {fileFields(entity).map((one) => {
          const held = files.filter((file) => file.field.key === one.key).map(({ file }) => file);
          return (
            held.length > 0 && (
              <section key={one.key} className="mb-5">
                <h3 className="text-meta font-semibold text-ink-3">{label(one.label)}</h3>
                <FileTiles files={held} />
              </section>
            )
          );
        })}
      </div>
    </ScrollArea>
  );
}
