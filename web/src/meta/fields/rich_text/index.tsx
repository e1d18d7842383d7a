import { lazy, Suspense } from 'react';
import type { FieldType, ShowProps } from '../types';

const Blocks = lazy(() => import('./Blocks'));

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The words of the server's canonical markup in one line; shown as text, never as markup. */
export function wordsOf(markup: string): string {
  return markup
    .replace(/<\/(p|h2|h3|li)>|<br>|<hr>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot);/g, (_, name) => signs[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

function View({ value }: ShowProps) {
  const markup = String(value);
  return (
    <Suspense fallback={<span>{wordsOf(markup)}</span>}>
      <Blocks markup={markup} />
    </Suspense>
  );
}

export const rich_text: FieldType = {
  text: wordsOf,
  View,
  width: 260,
  isWide: true,
  filter: 'text',
};
