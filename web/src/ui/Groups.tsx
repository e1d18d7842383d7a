// Several boxes to tick, or one of several to choose, with their names in sight.
import {
  CheckboxGroup as KitBoxes,
  Checkbox as KitCheckbox,
  RadioGroup as KitRadios,
  Radio,
} from 'react-aria-components';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';
import { TickMark } from './Switch';

export interface GroupItem {
  id: string;
  name: string;
  /** What choosing it means. */
  note?: string;
  isDisabled?: boolean;
}

interface CheckboxGroupProps extends FieldProps {
  items: GroupItem[];
  value: string[];
  onChange(value: string[]): void;
}

const line = 'group flex min-h-6 items-start gap-2 outline-none off:text-ink-3';

export function CheckboxGroup(props: CheckboxGroupProps) {
  const { items, value, onChange } = props;
  return (
    <KitBoxes {...kitProps(props)} value={value} onChange={onChange}>
      <FieldLabel {...props} />
      {items.map((item) => (
        <KitCheckbox key={item.id} value={item.id} isDisabled={item.isDisabled} className={line}>
          {(state) => (
            <>
              <TickMark {...state} />
              <ItemText item={item} />
            </>
          )}
        </KitCheckbox>
      ))}
      <FieldNotes {...props} />
    </KitBoxes>
  );
}

interface RadioChoiceProps extends FieldProps {
  items: GroupItem[];
  value: string | null;
  onChange(value: string): void;
}

export function RadioChoice(props: RadioChoiceProps) {
  const { items, value, onChange } = props;
  return (
    <KitRadios {...kitProps(props)} value={value} onChange={onChange}>
      <FieldLabel {...props} />
      {items.map((item) => (
        <Radio key={item.id} value={item.id} isDisabled={item.isDisabled} className={line}>
          <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-panel group-selected:border-accent group-selected:bg-accent group-off:opacity-50 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent-ink">
            <span className="size-1.5 rounded-full bg-transparent group-selected:bg-on-accent" />
          </span>
          <ItemText item={item} />
        </Radio>
      ))}
      <FieldNotes {...props} />
    </KitRadios>
  );
}

function ItemText({ item }: { item: GroupItem }) {
  return (
    <span className="min-w-0">
      <span className="block">{item.name}</span>
      {item.note && <span className="block text-meta text-ink-3">{item.note}</span>}
    </span>
  );
}
