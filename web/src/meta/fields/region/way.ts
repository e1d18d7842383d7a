import type { Region } from '@/api/types';

/** The regions from the province down to the code; [] when it is not in the tree. */
export function wayTo(regions: Region[], code: string): Region[] {
  for (const region of regions) {
    if (region.code === code) return [region];
    const below = wayTo(region.children ?? [], code);
    if (below.length > 0) return [region, ...below];
  }
  return [];
}

/**
 * Codes of GB/T 2260 that stand for "directly under the province": the one city of
 * a municipality (3101, 5002) and the counties run by a province (4690).
 */
const filler = /^((11|12|31|50)0[12]|\d{2}90)0*$/;

/** Whether a code names no place that people would say. */
export function isFiller(code: string): boolean {
  return code.length >= 4 && filler.test(code);
}

/** The way to every region in words, by code: 广东省 深圳市 南山区; 上海市 徐汇区. */
export function regionNames(regions: Region[]): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (items: Region[], above: string) => {
    for (const { code, name, children } of items) {
      const path = isFiller(code) ? above : [above, name].filter(Boolean).join(' ');
      found.set(code, path || name);
      if (children) walk(children, path);
    }
  };
  walk(regions, '');
  return found;
}
