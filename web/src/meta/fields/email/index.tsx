import type { FieldType, ShowProps } from '../types';

function View({ value }: ShowProps) {
  return (
    <a
      href={`mailto:${value}`}
      className="underline decoration-line-strong underline-offset-3 hover:decoration-ink"
    >
      {String(value)}
    </a>
  );
}

export const email: FieldType = { text: (value: string) => value, View, width: 180, filter: 'text' };
