// Trees of named things, and finding in them by words, pinyin or initials.
import { score } from './spelling';

export interface Node<T> {
  id: string;
  name: string;
  children?: T[];
}

/** From the root to the place; [] when it is not in the tree. */
export function wayToNode<T extends Node<T>>(items: T[], id: string): T[] {
  for (const item of items) {
    if (item.id === id) return [item];
    const below = wayToNode(item.children ?? [], id);
    if (below.length > 0) return [item, ...below];
  }
  return [];
}

/** The ways to all places, each before those below it. */
export function everyWay<T extends Node<T>>(items: T[], above: T[] = []): T[][] {
  return items.flatMap((item) => {
    const way = [...above, item];
    return [way, ...everyWay(item.children ?? [], way)];
  });
}

/** How many places a search shows. */
const shown = 50;

/**
 * The ways whose names fit what was typed, best first. Several words must fit
 * places on one way, the last of them its end: "guangdong ns" is 广东 / 南山.
 */
export function findWays<T extends Node<T>>(
  ways: T[][],
  typed: string,
  spellings: ReadonlyMap<string, string> = new Map(),
  leavesOnly = false,
): T[][] {
  const words = typed
    .trim()
    .split(/[\s/]+/)
    .filter(Boolean);
  const last = words.pop();
  if (!last) return [];
  const fits = (node: T, word: string) => score(node.name, spellings.get(node.name) ?? '', word);
  const found: { way: T[]; points: number }[] = [];
  for (const way of ways) {
    const end = way.at(-1);
    if (!end || (leavesOnly && end.children?.length)) continue;
    const points = fits(end, last);
    const isUnder = words.every((word) => way.some((node) => node !== end && fits(node, word) > 0));
    if (points > 0 && isUnder) found.push({ way, points: points - way.length / 100 });
  }
  return found
    .sort((a, b) => b.points - a.points)
    .slice(0, shown)
    .map(({ way }) => way);
}
