// An entity as an administrator changes it, and the way to the server.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { get, Problem, sendTagged, type Tagged } from '@/api/client';
import type { Field, Texts } from '@/api/types';

export interface FieldPatch {
  type?: string;
  label?: Texts;
  help?: Texts;
  settings?: Record<string, unknown>;
  required?: boolean;
  unique?: boolean;
  search?: boolean;
  default?: string;
  /** When the field is shown and when it must be filled, as filters are written. */
  visible_when?: string;
  required_when?: string;
}

export interface DefinedField {
  field: Field;
  /** Hidden for everybody. */
  retired: boolean;
  /** Required by the program. */
  fixed: boolean;
  /** What conditions of other fields may ask of it; none when they cannot use it. */
  rule_ops: string[];
  /** It is always shown. */
  no_visible_when: boolean;
  /** Version of what administrators said of the field. */
  tag: string;
  patch?: FieldPatch;
  /** Of an auto number: how it is made. */
  numbering?: Numbering;
}

export interface Numbering {
  prefix?: string;
  date?: string;
  digits?: number;
  reset?: string;
}

/** What the first number of a day looks like. */
export function numberExample({ prefix = '', date = '', digits }: Numbering, day: string): string {
  return prefix + day.replaceAll('-', '').slice(0, date.length) + '1'.padStart(digits || 4, '0');
}

export interface Group {
  key: string;
  label: Texts;
  fields: string[];
  columns: number;
  /** The key of the tab that it stands in; absent: above the tabs. */
  tab?: string;
}

export interface FormTab {
  key: string;
  label: Texts;
}

export interface Definition {
  name: string;
  label: Texts;
  plural: Texts;
  icon: string;
  custom: boolean;
  title: string;
  list: string[];
  card: string[];
  groups: Group[];
  tabs: FormTab[];
  fields: DefinedField[];
  /** Version of what administrators said of the entity. */
  tag: string;
  option_colors: string[];
}

const key = (name: string) => ['definition', name];

export function useDefinition(name: string, enabled = true) {
  return useQuery({
    queryKey: key(name),
    queryFn: ({ signal }) => get<Definition>(`customize/entities/${name}`, {}, signal),
    enabled,
  });
}

/** Everything drawn from metadata is asked again. */
export async function customized(client: QueryClient, name: string) {
  await Promise.all([
    client.invalidateQueries({ queryKey: key(name) }),
    client.invalidateQueries({ queryKey: ['meta'] }),
  ]);
}

export type Layout = Pick<Definition, 'groups' | 'tabs' | 'list' | 'card'>;

export const layoutOf = ({ groups, tabs, list, card }: Layout): Layout => ({ groups, tabs, list, card });

/** Keeps how an entity looks, if nobody else changed it since tag. */
export async function saveLayout(
  client: QueryClient,
  name: string,
  layout: Layout,
  tag: string,
): Promise<Tagged<Layout>> {
  let now: Tagged<unknown>;
  try {
    now = await sendTagged(`customize/entities/${name}`, {
      method: 'PATCH',
      json: { layout },
      headers: { 'If-Match': tag },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    // What is stored is the patch alone; how it looks altogether says the definition.
    const current = layoutOf(await get<Definition>(`customize/entities/${name}`));
    throw new Problem(412, { ...error.body, current: current as never }, error.tag);
  }
  await customized(client, name);
  return { value: layout, tag: now.tag };
}

/** A list with one of its entries elsewhere. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const out = [...list];
  const [one] = out.splice(from, 1);
  if (one !== undefined) out.splice(Math.max(0, Math.min(to, out.length)), 0, one);
  return out;
}

/** A free key near the English words, or field_1, field_2 and so on. */
export function freeKey(english: string, taken: string[], stem = 'field'): string {
  const plain = english
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 36);
  if (plain.length > 1 && !taken.includes(plain)) return plain;
  for (let i = 1; ; i++) {
    const next = `${plain.length > 1 ? plain : stem}_${i}`;
    if (!taken.includes(next)) return next;
  }
}

export const both = (zh: string, en: string): Texts => ({ 'zh-CN': zh.trim(), en: en.trim() || zh.trim() });
