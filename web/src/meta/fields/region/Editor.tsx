import { useMemo, useState } from 'react';
import type { Region } from '@/api/types';
import { type CascadeNode, Cascader } from '@/ui/Cascader';
import { useRegionName, useRegions } from '../../data';
import { useSpellingsOf } from '../../spellings';
import type { EditorProps } from '../types';
import { isFiller } from './way';

/**
 * The regions down to a level. What only stands for "directly under the province"
 * is left out: its counties stand under the province themselves.
 */
export function regionNodes(regions: Region[], levels: number): CascadeNode[] {
  return regions.flatMap(({ code, name, children }) => {
    const below = levels > 1 && children ? regionNodes(children, levels - 1) : [];
    if (isFiller(code) && below.length > 0) return below;
    return [{ id: code, name, children: below.length > 0 ? below : undefined }];
  });
}

const namesOf = (nodes: CascadeNode[]): string[] =>
  nodes.flatMap((node) => [node.name, ...namesOf(node.children ?? [])]);

/** 省市区: level by level, or by a word, pinyin or initials. */
export function RegionEditor({ field, row: _, value, onChange, ...props }: EditorProps) {
  const [isWanted, setWanted] = useState(false);
  const regions = useRegions();
  const nameOf = useRegionName(true);
  const levels = field.settings?.region_level || 3;
  const items = useMemo(() => regionNodes(regions ?? [], levels), [regions, levels]);
  const spellings = useSpellingsOf('regions', () => namesOf(items), isWanted && items.length > 0);
  const code = typeof value === 'string' ? value : null;
  return (
    <Cascader
      {...props}
      items={items}
      value={code}
      onChange={onChange}
      text={code ? nameOf(code) : ''}
      spellings={spellings}
      onOpen={() => setWanted(true)}
      isLoading={!regions}
    />
  );
}
