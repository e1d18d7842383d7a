// Print layouts as an administrator changes them, and the way to the server.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Entity, Field, KeptPrint, Print, PrintBlock, PrintItem, Texts } from '@/api/types';

export const printsOf = (entity: string) => `customize/entities/${entity}/prints`;
export const printsKey = (entity: string) => ['customize', 'prints', entity] as const;

export const printPath = (entity: string, key: string) =>
  `/settings/prints/${entity.replace('.', '/')}/${key}`;

export function usePrints(entity: string, enabled: boolean) {
  return useQuery({
    queryKey: printsKey(entity),
    queryFn: async ({ signal }) =>
      (await get<{ items: KeptPrint[] }>(printsOf(entity), undefined, signal)).items,
    enabled,
  });
}

/** The kinds of blocks, in the order in which they are offered. */
export const blockKinds = [
  'title',
  'text',
  'facts',
  'table',
  'totals',
  'letterhead',
  'bank',
  'signature',
  'rule',
  'space',
  'break',
] as const;
export type BlockKind = (typeof blockKinds)[number];

/** What can be said of each kind of block. */
export const partsOfKind: Record<BlockKind, readonly (keyof PrintBlock)[]> = {
  letterhead: ['logo', 'align', 'items'],
  title: ['text', 'align', 'size', 'tone'],
  text: ['heading', 'text', 'align', 'size', 'bold', 'tone'],
  facts: ['heading', 'columns', 'grid', 'full', 'items'],
  table: ['heading', 'lines', 'grid', 'full', 'items'],
  totals: ['width', 'align', 'items'],
  bank: ['heading', 'bank', 'columns', 'grid'],
  signature: ['seal', 'items'],
  rule: [],
  space: ['height'],
  break: [],
};

/** A new block of a kind, filled so that it shows something. */
export function newBlock(kind: BlockKind, entity: Entity): PrintBlock {
  const title = `{${entity.title}}`;
  switch (kind) {
    case 'title':
    case 'text':
      return { kind, text: { 'zh-CN': title, en: title } };
    case 'letterhead':
      return { kind, logo: true };
    case 'facts':
      return { kind, columns: 2, items: [{ value: title }] };
    case 'totals':
      return { kind, items: [{ value: title }] };
    case 'table': {
      const lines = entity.lines[0];
      return { kind, grid: true, lines: lines?.key ?? '', items: [{ value: '{@no}', width: 6 }] };
    }
    case 'signature':
      return {
        kind,
        seal: true,
        items: [{ value: '{@company.name}' }, { value: title }],
      };
    case 'space':
      return { kind, height: 6 };
    default:
      return { kind };
  }
}

/** The list with what stands at one place put at another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  const [one] = out.splice(from, 1);
  if (one === undefined) return out;
  out.splice(Math.max(0, Math.min(to, out.length)), 0, one);
  return out;
}

/** What a block is about, in one line: its words without what stands in for values. */
export function gist(block: PrintBlock, nameOf: (texts: Texts | null | undefined) => string): string {
  const words = nameOf(block.heading) || nameOf(block.text);
  if (words) return words.replace(/\s+/g, ' ').slice(0, 60);
  return (block.items ?? [])
    .map((item) => nameOf(item.label) || item.value)
    .filter(Boolean)
    .slice(0, 4)
    .join(' · ');
}

/** A key for a new layout that no other has. */
export function freeKey(taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const key = `own_${n}`;
    if (!taken.includes(key)) return key;
  }
}

/** A layout as a new one of its own. */
export function copied(print: Print, key: string, name: Texts): Print {
  return { ...structuredClone(print), key, label: name };
}

/** The first layout of an entity that has none: its title and the fields of its form. */
export function firstLayout(entity: Entity, key: string, name: Texts): Print {
  const item = (field: string): PrintItem => ({ value: `{${field}}` });
  return {
    key,
    label: name,
    language: 'zh-CN',
    blocks: [
      { kind: 'letterhead', logo: true },
      { kind: 'title', text: { 'zh-CN': `{${entity.title}}`, en: `{${entity.title}}` } },
      ...entity.layout.groups.map((group) => ({
        kind: 'facts',
        columns: 2,
        grid: true,
        ...(group.label ? { heading: group.label } : {}),
        items: group.fields.map(item),
      })),
    ],
  };
}

export interface Insertable {
  id: string;
  name: string;
}

/** What can be put into a template: the fields of the record or of its lines, those of what they refer to, and what is known beside. */
export function insertables(
  fields: readonly Field[],
  entities: Record<string, Entity>,
  nameOf: (texts: Texts | null | undefined) => string,
): Insertable[] {
  const own = fields.map((field) => ({ id: field.key, name: nameOf(field.label) || field.key }));
  const far = fields.flatMap((field) => {
    const target = field.settings.many ? undefined : entities[field.settings.target ?? ''];
    return (target?.fields ?? [])
      .filter((one) => !one.system)
      .map((one) => ({
        id: `${field.key}.${one.key}`,
        name: `${nameOf(field.label)} › ${nameOf(one.label)}`,
      }));
  });
  return [...own, ...far];
}
