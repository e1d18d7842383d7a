import type { Field, Option } from '@/api/types';
import type { FieldType } from '../types';

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

export const choice: FieldType = {
  text: (value: unknown, { field, label, t }) =>
    codes(value)
      .map((code) => label(optionOf(field, code)?.label) || code)
      .join(t('list.separator')),
  marks: (value, { field, label }) =>
    codes(value).map((code) => {
      const option = optionOf(field, code);
      return { text: label(option?.label) || code, dot: option?.color || undefined };
    }),
  width: 120,
  filter: 'choice',
};
