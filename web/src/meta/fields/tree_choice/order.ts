import type { Option } from '@/api/types';

/** The options in the order of the tree, each with its depth. */
export function inTreeOrder(options: Option[]): { option: Option; depth: number }[] {
  const known = new Set(options.map((option) => option.code));
  const walk = (parent: string | null, depth: number): { option: Option; depth: number }[] =>
    options
      .filter((option) => (option.parent && known.has(option.parent) ? option.parent : null) === parent)
      .flatMap((option) => [{ option, depth }, ...(depth < 8 ? walk(option.code, depth + 1) : [])]);
  return walk(null, 0);
}

export interface Nested {
  id: string;
  name: string;
  children?: Nested[];
}

/** The options as a tree; one whose parent is not among them stands at the top. */
export function nested(options: Option[], name: (option: Option) => string): Nested[] {
  const known = new Set(options.map((option) => option.code));
  const under = (parent: string | null, depth: number): Nested[] =>
    options
      .filter((option) => (option.parent && known.has(option.parent) ? option.parent : null) === parent)
      .map((option) => {
        const children = depth < 8 ? under(option.code, depth + 1) : [];
        return { id: option.code, name: name(option), children: children.length > 0 ? children : undefined };
      });
  return under(null, 0);
}
