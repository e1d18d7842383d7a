import type { FieldType, ShowProps } from '../types';

function numbers(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (n): n is string => typeof n === 'string' && n !== '',
  );
}

function View({ value }: ShowProps) {
  return (
    <span className="figures flex flex-wrap gap-x-3">
      {numbers(value).map((number) => (
        <a
          key={number}
          href={`tel:${number.replace(/[^\d+]/g, '')}`}
          className="underline decoration-line-strong underline-offset-3 hover:decoration-ink"
        >
          {number}
        </a>
      ))}
    </span>
  );
}

export const phone: FieldType = {
  text: (value: unknown, { t }) => numbers(value).join(t('list.separator')),
  View,
  width: 140,
  filter: 'text',
};
