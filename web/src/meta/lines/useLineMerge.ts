// The lines of a save that came too late: merged line by line, asked about where
// both sides changed the same one.
import { useRef } from 'react';
import type { Values } from '../form/validate';
import type { LinesField } from './lines';
import { type MergedLines, mergeLines } from './merge';
import { type OneLine, oneLineField } from './oneLine';

interface Asked {
  /** A field for each line that both sides changed. */
  fields: LinesField[];
  mine: Record<string, OneLine>;
  theirs: Record<string, OneLine>;
  base: Record<string, OneLine>;
}

export function useLineMerge(groups: LinesField[]) {
  const merges = useRef(new Map<string, MergedLines>());
  return {
    /** mine is what would be sent; from what it started from, current what is stored. */
    begin(from: Values, mine: Values, current: Values): Asked {
      const asked: Asked = { fields: [], mine: {}, theirs: {}, base: {} };
      merges.current.clear();
      for (const group of groups) {
        const sent = mine[group.key];
        if (!Array.isArray(sent)) continue;
        const merged = mergeLines(group, from[group.key], sent as Values[], current[group.key]);
        merges.current.set(group.key, merged);
        for (const { id, base, mine: own, theirs } of merged.clashes) {
          const field = oneLineField(group, id);
          asked.fields.push(field);
          asked.mine[field.key] = { line: own ? { ...base, ...own, ...named(group, base, own) } : null };
          asked.theirs[field.key] = { line: theirs ?? null };
          asked.base[field.key] = { line: base };
        }
      }
      return asked;
    },
    /** What to send, once it was chosen: lines that the patch leaves out stay as they are stored. */
    end(patch: Values): Values {
      const out = Object.fromEntries(Object.entries(patch).filter(([key]) => !key.includes('#')));
      for (const [key, merged] of merges.current) {
        if (!(key in out)) continue;
        const theirs = merged.clashes.filter(({ id }) => !(`${key}#${id}` in patch)).map(({ id }) => id);
        out[key] = merged.list(new Set(theirs));
      }
      merges.current.clear();
      return out;
    },
  };
}

/** References of one's own line that are those it had keep their names. */
function named(group: LinesField, base: Values, own: Values): Values {
  const same = group.columns.filter(({ key }) => {
    const held = base[key];
    return typeof held === 'object' && held !== null && 'id' in held && held.id === own[key];
  });
  return Object.fromEntries(same.map(({ key }) => [key, base[key]]));
}
