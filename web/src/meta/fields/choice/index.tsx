import type { Field, Option } from '@/api/types';
import { Dot } from '@/ui/Dot';
import type { FieldType, ShowProps } from '../types';

export function codes(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((code): code is string => typeof code === 'string');
}

export function optionOf(field: Field, code: string): Option | undefined {
  return field.settings?.options?.find((option) => option.code === code);
}

/** The options that may be chosen; those already chosen stay choosable. */
export function offered(field: Field, chosen: string[]): Option[] {
  const all = field.settings?.options ?? [];
  return all.filter((option) => option.active || chosen.includes(option.code));
}

function Show({ value, context }: ShowProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-3">
      {codes(value).map((code) => {
        const option = optionOf(context.field, code);
        return (
          <span key={code} className="inline-flex min-w-0 items-center gap-1.5">
            {option?.color && <Dot color={option.color} />}
            <span className="truncate">{option ? context.label(option.label) : code}</span>
          </span>
        );
      })}
    </span>
  );
}

export const choice: FieldType = {
  text: (value: unknown, { field, label, t }) =>
    codes(value)
      .map((code) => label(optionOf(field, code)?.label) || code)
      .join(t('list.separator')),
  Show,
  width: 120,
  filter: 'choice',
};
