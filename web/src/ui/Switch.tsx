import { Check, Minus } from 'lucide-react';
import { Checkbox as KitCheckbox, Switch as KitSwitch } from 'react-aria-components';
import { FieldNotes, type FieldProps, labelClass } from './parts';

interface ToggleProps extends FieldProps {
  isSelected: boolean;
  onChange(selected: boolean): void;
}

interface SwitchProps extends ToggleProps {
  /** Its name and help stand at its left, over the whole width: in settings, where it is no field among others. */
  isRow?: boolean;
}

/** A switch with its name above, like the other fields of a form. */
export function Switch(props: SwitchProps) {
  const { label, hideLabel, help, error, isSelected, onChange, isDisabled, isRow } = props;
  if (isRow)
    return (
      <div className="flex flex-col gap-1">
        <KitSwitch
          {...{ isSelected, onChange, isDisabled }}
          className="group flex items-center justify-between gap-6 outline-none"
        >
          <span className="min-w-0">
            <span className="block font-medium">{label}</span>
            {help && <span className="block text-meta text-ink-3">{help}</span>}
          </span>
          <SwitchTrack />
        </KitSwitch>
        {error && <span className="text-meta text-danger">{error}</span>}
      </div>
    );
  return (
    <div className="flex flex-col gap-1">
      <KitSwitch
        {...{ isSelected, onChange, isDisabled }}
        aria-label={hideLabel ? label : undefined}
        className="group flex flex-col items-start gap-1 outline-none"
      >
        {!hideLabel && <span className={labelClass}>{label}</span>}
        <span className="flex h-(--control) items-center">
          <SwitchTrack />
        </span>
      </KitSwitch>
      {help && !error && <span className="text-meta text-ink-3">{help}</span>}
      {error && <span className="text-meta text-danger">{error}</span>}
    </div>
  );
}

function SwitchTrack() {
  return (
    <span className="flex h-[18px] w-8 shrink-0 items-center rounded-full border border-line-strong bg-pressed px-px transition-colors duration-100 group-selected:border-accent group-selected:bg-accent group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent-ink">
      <span className="size-3.5 rounded-full bg-ink-2 transition-transform duration-100 group-selected:translate-x-3.5 group-selected:bg-on-accent" />
    </span>
  );
}

/** A box to tick, with its name beside it. */
export function Checkbox({
  label,
  hideLabel,
  isSelected,
  isIndeterminate,
  onChange,
  isDisabled,
  ...notes
}: ToggleProps & { isIndeterminate?: boolean }) {
  return (
    <div className="flex flex-col gap-1">
      <KitCheckbox
        {...{ isSelected, isIndeterminate, onChange, isDisabled }}
        aria-label={hideLabel ? label : undefined}
        className="group flex min-h-6 items-start gap-2 outline-none"
      >
        {(state) => (
          <>
            <TickMark {...state} />
            {!hideLabel && <span>{label}</span>}
          </>
        )}
      </KitCheckbox>
      <FieldNotes {...notes} />
    </div>
  );
}

/** The box of a checkbox inside the kit's; its parent has the class "group". */
export function TickMark({ isSelected, isIndeterminate }: { isSelected: boolean; isIndeterminate: boolean }) {
  const Mark = isIndeterminate ? Minus : Check;
  return (
    <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-[4px] border border-line-strong bg-panel text-on-accent group-off:opacity-50 group-selected:border-accent group-selected:bg-accent group-data-[indeterminate]:border-accent group-data-[indeterminate]:bg-accent group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent-ink">
      {(isSelected || isIndeterminate) && <Mark size={12} strokeWidth={3} aria-hidden="true" />}
    </span>
  );
}
