import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Row } from '@/api/types';
import { IconButton } from '@/ui/Button';
import { ComboBox } from '@/ui/ComboBox';
import type { FieldProps } from '@/ui/parts';
import { useEntity } from '../../context';
import { useChoices } from '../../data';

interface RefFieldProps extends FieldProps {
  /** The entity that is chosen from. */
  target: string;
  value: Ref[];
  onChange(value: Ref[]): void;
  many?: boolean;
}

function titleOf(row: Row, title: string): string {
  const value = row[title];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : row.id;
}

/** Searches another entity as one types and keeps the chosen records. */
export function RefField({ target, value, onChange, many, ...props }: RefFieldProps) {
  const { t } = useTranslation();
  const title = useEntity(target)?.title ?? 'name';
  const single = many ? undefined : value[0];
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const choices = useChoices(target, title, typed ?? '', isOpen || typed !== null);
  const found = (choices.data?.items ?? []).filter((row) => !value.some((ref) => ref.id === row.id));
  const items = found.map((row) => ({ id: row.id, name: titleOf(row, title) }));
  const shown = single?.label ?? (single?.hidden ? t('field.hidden') : '');

  function choose(id: string | null) {
    if (!id) return;
    const item = items.find((one) => one.id === id);
    if (!item) return;
    const ref = { id, label: item.name };
    onChange(many ? [...value, ref] : [ref]);
    setTyped(many ? '' : null);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches focus, to ask for choices when they are needed
    <div className="flex min-w-0 flex-col gap-1" onFocus={() => setOpen(true)}>
      <ComboBox
        {...props}
        items={items}
        text={typed ?? shown}
        onText={(text) => {
          if (text === shown && typed === null) return;
          setTyped(text);
          if (text === '' && single) onChange([]);
        }}
        value={null}
        onChange={choose}
        onBlur={() => setTyped(null)}
        placeholder={t('form.search')}
        isLoading={choices.isFetching}
      />
      {many && value.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {value.map((ref) => (
            <li key={ref.id} className="flex items-center rounded-sm border border-line bg-sunken pl-2">
              <span className="truncate">{ref.label}</span>
              <IconButton
                label={t('action.remove_name', { name: ref.label ?? '' })}
                className="!size-6"
                onPress={() => onChange(value.filter((one) => one.id !== ref.id))}
              >
                <X size={12} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
