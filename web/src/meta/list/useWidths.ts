import { useCallback, useMemo, useState } from 'react';
import type { Entity, Field } from '@/api/types';
import { useShell } from '@/lib/shell';
import { fieldsOf, labelText } from '../context';
import { typeOf } from '../fields';
import type { View } from './query';

export const leastWidth = 56;
export const mostWidth = 900;

type Widths = Record<string, number>;

function kept(entity: string): Widths {
  try {
    return JSON.parse(localStorage.getItem(`guanxi.widths.${entity}`) ?? '{}') as Widths;
  } catch {
    return {};
  }
}

function keep(entity: string, widths: Widths) {
  try {
    if (Object.keys(widths).length === 0) localStorage.removeItem(`guanxi.widths.${entity}`);
    else localStorage.setItem(`guanxi.widths.${entity}`, JSON.stringify(widths));
  } catch {
    // A browser that forbids storage: the widths last until the list is left.
  }
}

export interface ColumnWidths {
  /** Pulled by hand, in pixels: the reader's own before those of the view. */
  pulled: Widths;
  /** null gives a column its usual width back. */
  pull(key: string, width: number | null): void;
  /** Forgets what the reader pulled. */
  forget(): void;
}

/** The widths of a list's columns, remembered in this browser over those of the view. */
export function useWidths(entity: Entity, view: View | undefined): ColumnWidths {
  const [own, setOwn] = useState(() => kept(entity.name));
  const pulled = useMemo(() => ({ ...view?.widths, ...own }), [view?.widths, own]);
  const pull = useCallback(
    (key: string, width: number | null) =>
      setOwn((old) => {
        const { [key]: _, ...rest } = old;
        const next = width === null ? rest : { ...old, [key]: Math.round(width) };
        keep(entity.name, next);
        return next;
      }),
    [entity.name],
  );
  const forget = useCallback(() => {
    keep(entity.name, {});
    setOwn({});
  }, [entity.name]);
  return useMemo(() => ({ pulled, pull, forget }), [pulled, pull, forget]);
}

export function usualWidth(entity: Entity, field: Field): number {
  const { width } = typeOf(field);
  // A number is as long as another; a name wants room.
  if (field.key === entity.title) return field.type === 'auto_number' ? 152 : 240;
  const { locale } = useShell.getState();
  const head = Math.min(widthOf(labelText(field.label, locale)) + headRest, 160);
  if (field.type === 'choice')
    return field.settings.many
      ? Math.max(180, head, Math.min(2 * widestOption(field) - 18, 250))
      : Math.max(width, head, Math.min(widestOption(field), 176));
  // "Nov 23, 2026, 16:23" is longer than 2026-11-23 16:23, and the day alone too.
  if (field.type === 'instant' && locale === 'en') return 160;
  if (field.type === 'date' && locale === 'en') return Math.max(120, head);
  return Math.max(width, head);
}

/** Of a head: its sides and the mark of the order. */
const headRest = 32;

/** About how wide words are, in pixels: hanzi are twice as wide as letters. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, c) => sum + (c > '\u2000' ? 13 : 7), 0);
}

/** About how wide the longest word of a choice is with its dot. */
function widestOption(field: Field): number {
  const { locale } = useShell.getState();
  const widths = (field.settings?.options ?? []).map(
    (option) => widthOf(labelText(option.label, locale)) + 42,
  );
  return Math.max(0, ...widths);
}

/** The columns as CSS: pulled ones keep their width, the others share what is left. */
export function gridTemplate(entity: Entity, columns: string[], pulled: Widths, hasPick: boolean) {
  const known = fieldsOf(entity);
  let least = hasPick ? pickWidth : 0;
  const parts = columns.flatMap((key) => {
    const field = known.get(key);
    if (!field) return [];
    const usual = usualWidth(entity, field);
    const width = pulled[key];
    least += width ?? usual;
    return width ? `${width}px` : `minmax(${usual}px, ${usual}fr)`;
  });
  // Where every column was pulled, what is left over stays at the end.
  if (parts.every((part) => part.endsWith('px'))) parts.push('1fr');
  return { columns: [...(hasPick ? [`${pickWidth}px`] : []), ...parts].join(' '), least };
}

export const pickWidth = 40;
