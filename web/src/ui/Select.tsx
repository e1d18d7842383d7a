import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Select as KitSelect, ListBox, ListBoxItem, SelectValue } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { itemClass, Popover } from './Popover';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';

export interface Choice {
  id: string;
  name: string;
  /** Shown before the name. */
  mark?: ReactNode;
  /** How deep in a tree; indents. */
  depth?: number;
  isDisabled?: boolean;
}

export interface SelectProps extends FieldProps {
  items: Choice[];
  value: string | null;
  onChange(value: string | null): void;
  placeholder?: string;
  /** Offers "none" as the first item. */
  canClear?: boolean;
}

const none = '\u0000';

export function Select(props: SelectProps) {
  const { t } = useTranslation();
  const { items, value, onChange, placeholder, canClear } = props;
  const all = canClear ? [{ id: none, name: t('form.none') }, ...items] : items;
  return (
    <KitSelect
      {...kitProps(props)}
      value={value}
      onChange={(key) => onChange(key === none || key === null ? null : String(key))}
      placeholder={placeholder ?? t('form.choose')}
    >
      <FieldLabel {...props} />
      <Button className="control cursor-default gap-2 text-left">
        <SelectValue className="flex min-w-0 flex-1 items-center gap-2 truncate placeholder:text-ink-3 [&_[data-list-only]]:hidden" />
        <ChevronsUpDown size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
      </Button>
      <FieldNotes {...props} />
      <Popover className="min-w-(--trigger-width)">
        <ChoiceList items={all} />
      </Popover>
    </KitSelect>
  );
}

export function ChoiceList({ items, empty }: { items: Choice[]; empty?: string }) {
  return (
    <ListBox
      items={items}
      className="max-h-72 overflow-auto p-1 outline-none"
      renderEmptyState={() => <div className="px-2 py-1.5 text-ink-3">{empty}</div>}
    >
      {(item) => (
        <ListBoxItem id={item.id} textValue={item.name} isDisabled={item.isDisabled} className={itemClass}>
          {({ isSelected }) => (
            <>
              <Indent depth={item.depth} />
              {item.mark}
              <span className="min-w-0 flex-1 truncate">{item.name}</span>
              {isSelected && (
                <Check data-list-only size={14} aria-hidden="true" className="text-accent-ink" />
              )}
            </>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

function Indent({ depth = 0 }: { depth?: number }) {
  return depth > 0 ? <span data-list-only style={{ width: depth * 14 }} /> : null;
}
