import { Paperclip } from 'lucide-react';
import { apiUrl } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import type { FieldType, ShowProps } from '../types';

export function fileRefs(value: unknown): FileRef[] {
  return Array.isArray(value) ? (value as FileRef[]) : [];
}

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
  write: (value: unknown) => fileRefs(value).map((ref) => ref.id),
};
