import type { FieldType, ShowProps } from '../types';

/** Only web addresses become links; anything else typed here stays text. */
export function webAddress(value: string): string | null {
  const text = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(text)) return null;
  const { protocol } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? text : null;
}

function View({ value }: ShowProps) {
  const address = webAddress(String(value));
  if (!address) return <span>{String(value)}</span>;
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer noopener"
      className="break-all underline decoration-line-strong underline-offset-3 hover:decoration-ink"
    >
      {String(value)}
    </a>
  );
}

export const url: FieldType = { text: (value: string) => value, View, width: 180, filter: 'text' };
