import { useLabel, useMeta } from '@/meta/context';
import { moduleOf } from './roles/rights';

export interface KindGroup {
  module: string;
  name: string;
  kinds: string[];
}

/** The kinds of records by module as the navigation has them; what it leaves out comes last, lines behind their record. */
export function useKinds(): KindGroup[] {
  const label = useLabel();
  const { entities, menu } = useMeta();
  const inMenu = menu.flatMap((group) => group.items.map((item) => item.entity));
  const rank = (name: string) => (inMenu.includes(name) ? inMenu.indexOf(name) : inMenu.length);
  const names = Object.keys(entities)
    .filter((name) => !entities[name]?.line_of)
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((name) => [
      name,
      ...(entities[name]?.lines ?? []).map((lines) => lines.entity).filter((line) => entities[line]),
    ]);
  const titles = new Map(menu.map((group) => [group.module, label(group.label)]));
  const modules = [...new Set([...menu.map((group) => group.module), ...names.map(moduleOf)])];
  return modules
    .map((module) => ({
      module,
      name: titles.get(module) ?? module,
      kinds: names.filter((name) => moduleOf(name) === module),
    }))
    .filter((group) => group.kinds.length > 0);
}
