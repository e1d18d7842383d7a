// What the search found, shown the same way in the palette and on its page.
import type { SearchHit } from '@/api/types';

/** The found pieces of a text stand out. */
function Marked({ text, hits }: { text: string; hits: number[][] }) {
  const parts: { text: string; isHit: boolean }[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of hits) {
    parts.push({ text: text.slice(at, from), isHit: false }, { text: text.slice(from, to), isHit: true });
    at = to;
  }
  parts.push({ text: text.slice(at), isHit: false });
  return parts.map((part, i) =>
    part.isHit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text in their order
      <mark key={i} className="bg-transparent font-medium text-accent-ink">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}

/** A record's name with what was found in it. */
export function HitName({ hit }: { hit: SearchHit }) {
  const inName = hit.snippet.find((one) => one.text === hit.label);
  return inName ? <Marked text={inName.text} hits={inName.hits} /> : hit.label;
}

/** What was found elsewhere in the record; nothing when it was the name only. */
export function HitPlace({ hit }: { hit: SearchHit }) {
  const found = hit.snippet.find((one) => one.text !== hit.label);
  return found ? <Marked text={found.text} hits={found.hits} /> : null;
}

export interface HitGroup {
  entity: string;
  hits: SearchHit[];
}

/** Hits by entity, in the order in which the first of each was found. */
export function grouped(hits: SearchHit[]): HitGroup[] {
  const found = new Map<string, SearchHit[]>();
  for (const hit of hits) found.set(hit.entity, [...(found.get(hit.entity) ?? []), hit]);
  return [...found].map(([entity, list]) => ({ entity, hits: list }));
}
