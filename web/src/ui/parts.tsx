// What every field has around its control: name above, help and error below.
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

export interface FieldProps {
  label: string;
  /** The name is only read out, not shown (chips, cells). */
  hideLabel?: boolean;
  help?: string;
  error?: string;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
}

export const labelClass = 'text-meta font-medium text-ink-2';

export function FieldLabel({ label, hideLabel, isRequired }: FieldProps) {
  const { t } = useTranslation();
  if (hideLabel) return null;
  return (
    <Label className={labelClass}>
      {label}
      {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
    </Label>
  );
}

export function FieldNotes({ help, error }: Pick<FieldProps, 'help' | 'error'>) {
  return (
    <>
      {help && !error && (
        <Text slot="description" className="text-meta text-ink-3">
          {help}
        </Text>
      )}
      {error && (
        <FieldError className="flex items-start gap-1 text-meta text-danger">
          <ErrorSign />
          <span>{error}</span>
        </FieldError>
      )}
    </>
  );
}

/** The props that the kit's fields take for a FieldProps. */
export function kitProps({ label, hideLabel, error, isRequired, isDisabled, autoFocus }: FieldProps) {
  return {
    'aria-label': hideLabel ? label : undefined,
    isInvalid: Boolean(error),
    validationBehavior: 'aria' as const,
    isRequired,
    isDisabled,
    autoFocus,
    className: 'flex min-w-0 flex-col gap-1',
  };
}

/** What a control of one's own takes to belong to its name and notes. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
  disabled: boolean | undefined;
}

/** Name above and notes below a control that is not the kit's. */
export function FieldFrame({
  children,
  ...props
}: Omit<FieldProps, 'autoFocus'> & { children(control: ControlProps): ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  const { label, hideLabel, help, error, isRequired, isDisabled } = props;
  return (
    <div
      className="flex min-w-0 flex-col gap-1"
      data-invalid={error ? true : undefined}
      data-disabled={isDisabled || undefined}
    >
      <label htmlFor={id} className={hideLabel ? 'sr-only' : labelClass}>
        {label}
        {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
      </label>
      {children({
        id,
        'aria-describedby': help || error ? `${id}-notes` : undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': isRequired || undefined,
        disabled: isDisabled,
      })}
      {(error || help) && (
        <span
          id={`${id}-notes`}
          className={error ? 'flex items-start gap-1 text-meta text-danger' : 'text-meta text-ink-3'}
        >
          {error && <ErrorSign />}
          <span>{error || help}</span>
        </span>
      )}
    </div>
  );
}

export function ErrorSign() {
  return <CircleAlert size={13} strokeWidth={2} aria-hidden="true" className="mt-[2.5px] shrink-0" />;
}
