import { Plus, X } from 'lucide-react';
import { Group } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { halfWidth } from '@/lib/digits';
import { Button, IconButton } from '@/ui/Button';
import { labelClass } from '@/ui/parts';
import { TextField } from '@/ui/TextField';
import type { EditorProps } from '../types';

export function PhoneEditor(props: EditorProps) {
  if (props.field.settings?.many) return <PhonesEditor {...props} />;
  const { field: _, value, onChange, ...rest } = props;
  return (
    <TextField
      {...rest}
      type="tel"
      figures
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text === '' ? null : halfWidth(text))}
    />
  );
}

function PhonesEditor({
  field: _,
  value,
  onChange,
  label,
  hideLabel,
  error,
  isRequired,
  ...props
}: EditorProps) {
  const { t } = useTranslation();
  const numbers = Array.isArray(value) && value.length > 0 ? (value as string[]) : [''];
  const put = (next: string[]) => onChange(next.length === 1 && next[0] === '' ? [] : next);
  return (
    <Group aria-label={label} className="flex flex-col gap-1">
      {!hideLabel && (
        <span className={labelClass}>
          {label}
          {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
        </span>
      )}
      {numbers.map((number, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all that a number is known by
        <div key={i} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <TextField
              {...props}
              label={numbers.length > 1 ? t('form.nth', { name: label, n: i + 1 }) : label}
              hideLabel
              type="tel"
              figures
              value={number}
              error={i === 0 ? error : undefined}
              onChange={(text) => put(numbers.map((old, at) => (at === i ? halfWidth(text) : old)))}
            />
          </div>
          {numbers.length > 1 && (
            <IconButton
              label={t('action.remove_name', { name: number })}
              onPress={() => put(numbers.filter((_, at) => at !== i))}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      ))}
      {numbers.at(-1) !== '' && (
        <Button look="quiet" className="self-start !px-2" onPress={() => onChange([...numbers, ''])}>
          <Plus size={14} aria-hidden="true" />
          {t('form.another')}
        </Button>
      )}
    </Group>
  );
}
