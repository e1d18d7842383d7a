import type { FieldType, ShowProps } from '../types';

function View({ value }: ShowProps) {
  return <span className="whitespace-pre-wrap">{String(value)}</span>;
}

export const long_text: FieldType = {
  text: (value: string) => value.replace(/\s+/g, ' '),
  View,
  width: 260,
  isWide: true,
  filter: 'text',
};
