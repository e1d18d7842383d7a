// What every field has around its control: name above, help and error below.
import { CircleAlert } from 'lucide-react';
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
          <CircleAlert size={13} strokeWidth={2} aria-hidden="true" className="mt-[2.5px] shrink-0" />
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
