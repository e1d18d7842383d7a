import type { ReactNode } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { FieldLabel, FieldNotes, type FieldProps, kitProps } from './parts';

interface SegmentedProps<T extends string> extends FieldProps {
  items: { id: T; name: string; icon?: ReactNode; isDisabled?: boolean }[];
  value: T;
  onChange(value: T): void;
}

/** One of two to five short choices, all in sight. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { items, value, onChange } = props;
  return (
    <RadioGroup
      {...kitProps(props)}
      orientation="horizontal"
      value={value}
      onChange={(next) => onChange(next as T)}
    >
      <FieldLabel {...props} />
      <div className="inline-flex h-(--control) w-fit max-w-full items-stretch gap-0.5 rounded-sm border border-line bg-sunken p-0.5">
        {items.map((item) => (
          <Radio
            key={item.id}
            value={item.id}
            isDisabled={item.isDisabled}
            className="flex min-w-0 cursor-default items-center gap-1.5 rounded-[4px] border border-transparent px-2.5 text-ink-2 select-none hovered:text-ink off:opacity-50 selected:border-line-strong selected:bg-panel selected:font-medium selected:text-ink data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent-ink"
          >
            {item.icon}
            <span className="truncate">{item.name}</span>
          </Radio>
        ))}
      </div>
      <FieldNotes {...props} />
    </RadioGroup>
  );
}
