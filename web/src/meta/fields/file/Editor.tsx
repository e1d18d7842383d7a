import { FileText, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Group } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ErrorSign, labelClass } from '@/ui/parts';
import type { EditorProps } from '../types';
import { fileRefs, isPending, isPicture, pending } from '.';
import { filesIn, useDrop } from './drop';
import { TakeFiles } from './TakeFiles';
import { Uploading } from './Uploading';
import { useUploads } from './useUploads';

/** Files are sent as they are chosen; saving the form, which waits for them, keeps them. */
export function FileEditor(props: EditorProps) {
  const { field, value, onChange, label, hideLabel, help, error, isRequired } = props;
  const { t } = useTranslation();
  const isMany = field.settings?.many !== false;
  const all = fileRefs(value);
  const files = all.filter((one) => !isPending(one));
  const now = useRef({ files, onChange });
  now.current = { files, onChange };
  const box = useRef<HTMLDivElement>(null);

  const uploads = useUploads((sent) => {
    const kept = isMany ? [...now.current.files, sent] : [sent];
    now.current.files = kept; // the next may arrive before this is drawn
    now.current.onChange(kept);
  });
  const add = (chosen: File[]) => uploads.add(isMany ? chosen : chosen.slice(-1));
  const { isOver, handlers } = useDrop(add);

  // While something is on its way the value says so, and the form waits with saving.
  const isMarked = all.some(isPending);
  useEffect(() => {
    if (uploads.isBusy !== isMarked)
      now.current.onChange(uploads.isBusy ? [...now.current.files, pending] : now.current.files);
  }, [uploads.isBusy, isMarked]);

  // A picture pasted anywhere in the form comes here, unless it is pasted as text or by another field.
  const take = useRef(add);
  take.current = add;
  useEffect(() => {
    const form = box.current?.closest('form');
    if (!form) return;
    const paste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || event.clipboardData?.types.includes('text/plain')) return;
      const pasted = filesIn(event.clipboardData);
      if (pasted.length === 0) return;
      event.preventDefault();
      take.current(pasted);
    };
    form.addEventListener('paste', paste);
    return () => form.removeEventListener('paste', paste);
  }, []);

  const remove = (file: FileRef) => onChange(files.filter((one) => one.id !== file.id));
  return (
    <Group ref={box} aria-label={label} className="flex min-w-0 flex-col gap-1">
      {!hideLabel && (
        <span className={labelClass}>
          {label}
          {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
        </span>
      )}
      <div
        {...handlers}
        className={cx(
          'flex flex-col gap-2 rounded-sm border border-dashed p-2',
          isOver ? 'border-accent-ink bg-accent-wash' : 'border-line-strong',
        )}
      >
        {files.length > 0 && (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-1.5">
            {files.map((file) => (
              <li key={file.id} className="flex min-w-0 items-center gap-2">
                <Thumbnail file={file} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{file.name}</span>
                  <span className="block text-meta text-ink-3">{bytesText(file.size ?? 0)}</span>
                </span>
                <IconButton label={t('action.remove_name', { name: file.name })} onPress={() => remove(file)}>
                  <X size={13} aria-hidden="true" />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
        <Uploading uploads={uploads} />
        <TakeFiles isMany={isMany} onFiles={add} />
      </div>
      {help && <span className="text-meta text-ink-3">{help}</span>}
      {error && (
        <span role="alert" className="flex items-start gap-1 text-meta text-danger">
          <ErrorSign />
          <span>{error}</span>
        </span>
      )}
    </Group>
  );
}

function Thumbnail({ file }: { file: FileRef }) {
  return (
    <span className="grid size-9 shrink-0 place-items-center overflow-hidden rounded-sm border border-line bg-sunken">
      {isPicture(file) ? (
        <img
          src={apiUrl(`files/${file.id}`, { inline: 1 })}
          alt=""
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
        />
      ) : (
        <FileText size={16} strokeWidth={1.5} aria-hidden="true" className="text-ink-3" />
      )}
    </span>
  );
}
