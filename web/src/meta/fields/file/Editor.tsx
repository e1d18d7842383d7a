import { Paperclip, Upload, X } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger, Group } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { upload } from '@/api/client';
import type { FileRef } from '@/api/types';
import { bytesText } from '@/lib/format';
import { Button, IconButton } from '@/ui/Button';
import { labelClass } from '@/ui/parts';
import { useProblemText } from '../../ProblemNotice';
import type { EditorProps } from '../types';
import { fileRefs } from '.';

/** Files are sent as they are chosen; saving the form keeps them. */
export function FileEditor({ field, value, onChange, label, hideLabel, help, error }: EditorProps) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const files = fileRefs(value);
  const many = field.settings?.many !== false;
  const [sending, setSending] = useState(0);
  const [failed, setFailed] = useState('');

  async function add(list: FileList | null) {
    const chosen = [...(list ?? [])];
    setFailed('');
    setSending(chosen.length);
    const sent: FileRef[] = [];
    try {
      for (const file of chosen) {
        sent.push(await upload(file));
        setSending((left) => left - 1);
      }
    } catch (caught) {
      setFailed(problem(caught));
    }
    setSending(0);
    onChange(many ? [...files, ...sent] : sent.slice(-1));
  }

  return (
    <Group aria-label={label} className="flex flex-col gap-1">
      {!hideLabel && <span className={labelClass}>{label}</span>}
      {files.map((file) => (
        <div key={file.id} className="flex items-center gap-2">
          <Paperclip size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
          <span className="min-w-0 truncate">{file.name}</span>
          <span className="text-meta whitespace-nowrap text-ink-3">{bytesText(file.size ?? 0)}</span>
          <IconButton
            label={t('action.remove_name', { name: file.name })}
            onPress={() => onChange(files.filter((one) => one.id !== file.id))}
          >
            <X size={13} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <FileTrigger allowsMultiple={many} onSelect={add}>
        <Button className="self-start" isDisabled={sending > 0}>
          <Upload size={14} aria-hidden="true" />
          {sending > 0 ? t('file.sending', { n: sending }) : t('file.choose')}
        </Button>
      </FileTrigger>
      {help && <span className="text-meta text-ink-3">{help}</span>}
      {(failed || error) && (
        <span role="alert" className="text-meta text-danger">
          {failed || error}
        </span>
      )}
    </Group>
  );
}
