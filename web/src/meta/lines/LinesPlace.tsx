// Where a form has lines: what is fetched for them comes with the first of them.
import { lazy, Suspense } from 'react';
import { type Control, Controller, useWatch } from 'react-hook-form';
import { WaitingLines } from '@/ui/states';
import type { Values } from '../form/validate';
import type { LinesField } from './lines';
import { remaining } from './lines';

const LinesEditor = lazy(() => import('./LinesEditor'));

interface LinesPlaceProps {
  field: LinesField;
  /** The record whose lines they are; none for one that is new. */
  of: string | undefined;
  control: Control<Values>;
  computed: unknown;
  asked: unknown;
  /** What is wrong with cells of the group now. */
  errors: Record<string, string>;
  onErrors(errors: Record<string, string>): void;
}

export function LinesPlace({ field, of, control, computed, asked, errors, onErrors }: LinesPlaceProps) {
  const currency = useWatch({ control, name: 'currency' });
  return (
    <Suspense fallback={<WaitingLines lines={3} />}>
      <Controller
        control={control}
        name={field.key}
        render={({ field: { value, onChange } }) => (
          <LinesEditor
            field={field}
            of={of}
            value={value}
            errors={errors}
            computed={computed}
            asked={asked}
            currency={typeof currency === 'string' ? currency : undefined}
            onChange={(lines) => {
              onChange(lines);
              if (Object.keys(errors).length > 0) onErrors(remaining(errors, value, lines));
            }}
          />
        )}
      />
    </Suspense>
  );
}
