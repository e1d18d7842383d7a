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
