import { Paperclip } from 'lucide-react';
import { apiUrl } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import type { FieldType, ShowProps } from '../types';

export function fileRefs(value: unknown): FileRef[] {
  return Array.isArray(value) ? (value as FileRef[]) : [];
}

/** Kinds of pictures that the server gives to be shown in place. */
export function isPicture(file: FileRef): boolean {
  return /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(file.mime ?? '');
}

/** Stands in a value while a file is on its way: nothing is saved until it is there. */
export const pending = { id: 'pending', name: '' } as FileRef;

export const isPending = (file: FileRef) => file.id === pending.id;

function View({ value }: ShowProps) {
  return (
    <ul className="flex flex-col gap-1">
      {fileRefs(value).map((file) => (
        <li key={file.id}>
          <a
            href={apiUrl(`files/${file.id}`)}
            download={file.name}
            className="inline-flex max-w-full items-center gap-1.5 hover:underline"
          >
            <Paperclip size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
            <span className="truncate">{file.name}</span>
            <span className="text-meta whitespace-nowrap text-ink-3">{bytesText(file.size ?? 0)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export const file: FieldType = {
  text: (value: unknown, { t }) =>
    fileRefs(value)
      .map((ref) => ref.name)
      .join(t('list.separator')),
  View,
  width: 160,
  isWide: true,
  filter: 'none',
  write: (value: unknown) =>
    fileRefs(value)
      .filter((ref) => !isPending(ref))
      .map((ref) => ref.id),
};
