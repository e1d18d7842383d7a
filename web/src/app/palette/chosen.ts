import { score } from '@/lib/spelling';
import type { Entry } from './useEntries';

type Section = Entry['section'];

/** The sections before anything is typed, and how much of each. */
const atFirst: [Section, number][] = [
  ['record', 12],
  ['list', 6],
  ['seen', 6],
  ['starred', 6],
  ['create', 4],
  ['go', 8],
  ['general', 4],
];

/** The most entries of a section once something is typed. */
const most = 6;

export interface Chosen {
  section: Section;
  entries: Entry[];
}

/** The entries that fit what was typed: the section with the best one first, each in its order of fitness. */
export function chosen(
  entries: readonly Entry[],
  spellings: ReadonlyMap<string, string>,
  typed: string,
): Chosen[] {
  if (typed === '') {
    return atFirst
      .map(([section, n]) => ({
        section,
        entries: entries.filter((one) => one.section === section).slice(0, n),
      }))
      .filter((one) => one.entries.length > 0);
  }
  const rated = entries.flatMap((entry) => {
    const points = Math.max(
      score(entry.name, spellings.get(entry.name) ?? entry.name.toLowerCase(), typed),
      entry.note ? score(entry.note, spellings.get(entry.note) ?? entry.note.toLowerCase(), typed) / 4 : 0,
      entry.words ? score(entry.words, '', typed) / 4 : 0,
    );
    return points > 0 ? [{ entry, points }] : [];
  });
  rated.sort((a, b) => b.points - a.points);
  const sections = [...new Set(rated.map((one) => one.entry.section))];
  return sections.map((section) => ({
    section,
    entries: rated.flatMap((one) => (one.entry.section === section ? [one.entry] : [])).slice(0, most),
  }));
}
