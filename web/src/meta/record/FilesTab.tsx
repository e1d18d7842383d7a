import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { toasts } from '@/ui/toasts';
import { may, useLabel } from '../context';
import { useDrop } from '../fields/file/drop';
import { TakeFiles } from '../fields/file/TakeFiles';
import { Uploading } from '../fields/file/Uploading';
import { useUploads } from '../fields/file/useUploads';
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
  const field = may(entity, 'update') ? uploadField(entity) : undefined;
  const files = filesOf(entity, row);

  const uploads = useUploads((sent) => {
    if (field) saving.addFiles(field, [sent]).catch((error) => toasts.warn(problem(error)));
  });
  const { isOver, handlers } = useDrop(uploads.add, !field);
  return (
    <ScrollArea label={t('record.files')} className="flex-1 px-4 py-4 desk:px-6 desk:py-5">
      <div {...handlers} className="min-h-full">
        {field && (
          <div
            className={cx(
              'mb-4 flex flex-col gap-3 rounded-md border border-dashed p-3',
              isOver ? 'border-accent-ink bg-accent-wash' : 'border-line-strong',
            )}
          >
            <TakeFiles isMany={field.settings?.many !== false} onFiles={uploads.add} />
            <Uploading uploads={uploads} />
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
