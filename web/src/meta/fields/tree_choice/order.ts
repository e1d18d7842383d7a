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
