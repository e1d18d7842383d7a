import { ChevronsUpDown } from 'lucide-react';
import { Button, Select as KitSelect, SelectValue } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Popover } from './Popover';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';
import { type Choice, ChoiceList } from './Select';

interface MultiSelectProps extends FieldProps {
  items: Choice[];
  value: string[];
  onChange(value: string[]): void;
}

/** Several of a few choices. */
export function MultiSelect(props: MultiSelectProps) {
  const { t } = useTranslation();
  const { items, value, onChange } = props;
  const names = items.filter((item) => value.includes(item.id)).map((item) => item.name);
  return (
    <KitSelect
      {...kitProps(props)}
      selectionMode="multiple"
      value={value}
      onChange={(keys) => onChange((keys as readonly (string | number)[]).map(String))}
    >
      <FieldLabel {...props} />
      <Button className="control cursor-default gap-2 text-left">
        <SelectValue className="min-w-0 flex-1 truncate">
          {names.length > 0 ? (
            names.join(t('list.separator'))
          ) : (
            <span className="text-ink-3">{t('form.choose')}</span>
          )}
        </SelectValue>
        <ChevronsUpDown size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
      </Button>
      <FieldNotes {...props} />
      <Popover className="min-w-(--trigger-width)">
        <ChoiceList items={items} />
      </Popover>
    </KitSelect>
  );
}
