// Dictionaries: the options of choices, one list for all fields that use it.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Field } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';
import type { CountedDictionary, OptionPatch } from '@/meta/options';

export interface Dictionary {
  /** entity.field of the field that keeps it. */
  name: string;
  entity: string;
  field: Field;
  /** The fields that use it, its own first. */
  users: { entity: string; field: Field }[];
}

const isChoice = (field: Field) => field.type === 'choice' || field.type === 'tree_choice';

/** Every dictionary there is, and how each is called: by its field, behind its kind of records. */
export function useDictionaries() {
  const label = useLabel();
  const { entities } = useMeta();
  const fields = Object.values(entities).flatMap((entity) =>
    entity.fields
      .filter((field) => isChoice(field) && !field.system)
      .map((field) => ({ entity: entity.name, field })),
  );
  const dictionaries: Dictionary[] = fields
    .filter(({ field }) => !field.settings.same_as)
    .map((own) => {
      const name = `${own.entity}.${own.field.key}`;
      const others = fields.filter(({ field }) => field.settings.same_as === name);
      return { name, ...own, users: [own, ...others] };
    });
  const nameOf = (name: string) => {
    const own = dictionaries.find((one) => one.name === name);
    return own ? `${label(entities[own.entity]?.label)} · ${label(own.field.label)}` : name;
  };
  return { dictionaries, nameOf };
}

/** Where a dictionary is kept, in the settings. */
export function dictionaryPath(name: string): string {
  return `/settings/dictionaries/${name.replaceAll('.', '/')}`;
}

export const dictionaryKey = (entity: string, key: string) => ['dictionary', entity, key];

export function useDictionary(entity: string, key: string, enabled: boolean) {
  return useQuery({
    queryKey: dictionaryKey(entity, key),
    queryFn: ({ signal }) =>
      get<CountedDictionary>(`customize/entities/${entity}/fields/${key}/options`, {}, signal),
    enabled,
    gcTime: 0,
  });
}

/** Options from the top down, each behind the one it stands below. */
export function inTree(options: OptionPatch[]): { option: OptionPatch; depth: number }[] {
  const codes = new Set(options.map((one) => one.code));
  const out: { option: OptionPatch; depth: number }[] = [];
  const put = (parent: string | undefined, depth: number) => {
    for (const option of options) {
      const at = option.parent && codes.has(option.parent) ? option.parent : undefined;
      if (at !== parent || out.some((one) => one.option === option)) continue;
      out.push({ option, depth });
      put(option.code, depth + 1);
    }
  };
  put(undefined, 0);
  // What stands below itself, by somebody's mistake, is shown all the same.
  for (const option of options) if (!out.some((one) => one.option === option)) out.push({ option, depth: 0 });
  return out;
}

/** The options with one a place up or down among those of the same parent. */
export function stepped(options: OptionPatch[], code: string, by: -1 | 1): OptionPatch[] {
  const one = options.find((option) => option.code === code);
  const siblings = options.filter((option) => (option.parent ?? '') === (one?.parent ?? ''));
  const other = one && siblings[siblings.indexOf(one) + by];
  if (!one || !other) return options;
  return options.map((option) => (option === one ? other : option === other ? one : option));
}

/**
 * Options as parts that are compared one by one, and the order of those that
 * were there at first: two who add one each do not collide.
 */
export function piecesOfOptions(options: OptionPatch[], first: { code: string }[]): Record<string, unknown> {
  const there = new Set(first.map((one) => one.code));
  return {
    order: options.map((one) => one.code).filter((code) => there.has(code)),
    ...Object.fromEntries(options.map((one) => [`option ${one.code}`, one])),
  };
}

/** The options that piecesOfOptions took apart: in their order, what it does not name at the end. */
export function optionsFrom(pieces: Record<string, unknown>): OptionPatch[] {
  const order = Array.isArray(pieces.order) ? (pieces.order as string[]) : [];
  const options = Object.entries(pieces)
    .filter(([key, value]) => key !== 'order' && value !== undefined)
    .map(([, value]) => value as OptionPatch);
  const rank = (one: OptionPatch) => (order.includes(one.code) ? order.indexOf(one.code) : order.length);
  return options.sort((a, b) => rank(a) - rank(b));
}
