// The options of a choice as its field keeps them, and as the server counts them.
import type { Field, Texts } from '@/api/types';

export interface OptionPatch {
  code: string;
  label: Texts;
  color?: string;
  hidden?: boolean;
  parent?: string;
  /** What it was merged into. */
  into?: string;
}

type MetaOption = NonNullable<Field['settings']['options']>[number];

/** Options as a change of their field gives them. */
export function optionsOf(options: readonly MetaOption[] | undefined): OptionPatch[] {
  return (options ?? []).map(({ code, label, color, active, parent, into }) => ({
    code,
    label: label ?? { 'zh-CN': code, en: code },
    ...(color ? { color } : {}),
    ...(active ? {} : { hidden: true }),
    ...(parent ? { parent } : {}),
    ...(into ? { into } : {}),
  }));
}

/** One option with who holds it. */
export interface DictionaryOption extends MetaOption {
  /** Made by an administrator. */
  own: boolean;
  live: number;
  binned: number;
}

/** A dictionary as the server counts it. */
export interface CountedDictionary {
  fields: { entity: string; key: string; label: Texts }[];
  options: DictionaryOption[];
  /** The program or its actions go by the options: they are named, coloured and put in order only. */
  fixed: boolean;
  mergeable: boolean;
  tag: string;
  option_colors: string[];
}
