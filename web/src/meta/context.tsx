// What the page knows about the installation: its entities and fields, who is
// signed in, how values are written. Filled once by app/, read everywhere below.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Me, Meta, Texts } from '@/api/types';
import type { Formats, Locale } from '@/lib/format';
import { useShell } from '@/lib/shell';
import { withStateColors } from './colors';

interface World {
  meta: Meta;
  me: Me;
}

const Context = createContext<World | null>(null);

export function MetaProvider({ meta, me, children }: World & { children: ReactNode }) {
  const world = useMemo(() => ({ meta: withStateColors(meta), me }), [meta, me]);
  return <Context.Provider value={world}>{children}</Context.Provider>;
}

function useWorld(): World {
  const world = useContext(Context);
  if (!world) throw new Error('used outside MetaProvider');
  return world;
}

export const useMeta = () => useWorld().meta;
export const useMe = () => useWorld().me;

/** The entity of that name, or undefined when it does not exist or may not be seen. */
export function useEntity(name: string): Entity | undefined {
  return useWorld().meta.entities[name];
}

export function labelText(texts: Texts | null | undefined, locale: Locale): string {
  if (!texts) return '';
  return texts[locale] || texts['zh-CN'] || texts.en || Object.values(texts)[0] || '';
}

/** Reads labels of metadata in the language of the page. */
export function useLabel(): (texts: Texts | null | undefined) => string {
  const locale = useShell((shell) => shell.locale);
  return (texts) => labelText(texts, locale);
}

export function useFormats(): Formats {
  const { meta, me } = useWorld();
  const locale = useShell((shell) => shell.locale);
  return useMemo(
    () => ({ locale, zone: me.zone || meta.company.zone || '', currency: meta.company.currency || 'CNY' }),
    [locale, me.zone, meta.company.zone, meta.company.currency],
  );
}

/** Everything that a field type needs to write a value as text. */
export interface TextContext extends Formats {
  /** The company's own currency, also where the others are read in that of a record. */
  own: string;
  field: Field;
  /** The record the value belongs to: an amount reads its currency there. */
  row?: Record<string, unknown>;
  label(texts: Texts | null | undefined): string;
  t(key: string, values?: Record<string, unknown>): string;
  region(code: string): string;
}

export type Contexts = Omit<TextContext, 'field' | 'row'>;

/** The parts of TextContext that are the same for every field of a page. */
export function useContexts(region: (code: string) => string): Contexts {
  const formats = useFormats();
  const { t } = useTranslation();
  return useMemo(
    () => ({
      ...formats,
      own: formats.currency,
      region,
      t: t as Contexts['t'],
      label: (texts) => labelText(texts, formats.locale),
    }),
    [formats, region, t],
  );
}

export function fieldsOf(entity: Entity): Map<string, Field> {
  return new Map(entity.fields.map((field) => [field.key, field]));
}

export function may(entity: Entity, op: string): boolean {
  if (!entity.ops.includes(op)) return false;
  return op === 'create' || op === 'import' ? isFilledIn(entity) : true;
}

/** Whether its form has all to fill in that it needs: what only rules and actions make is made by nobody here. */
function isFilledIn(entity: Entity): boolean {
  if (entity.fields.some((field) => field.required && field.read_only)) return false;
  const shown = (entity.layout.groups ?? []).flatMap((group) => group.fields ?? []);
  const known = fieldsOf(entity);
  return shown.length === 0 || shown.some((key) => known.get(key)?.read_only === false);
}
