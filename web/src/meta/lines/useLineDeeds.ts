// What can be done to whole lines, by the keys, the buttons and the sheet alike.
import type { Field } from '@/api/types';
import { useFormats, useMe } from '../context';
import { defaultsOf } from '../form/defaults';
import { copied, inserted, type Line, moved, newKey } from './lines';

export interface LineDeeds {
  blank(): Line;
  put(at: number, line: Line): void;
  insert(at: number): void;
  duplicate(at: number): void;
  move(from: number, to: number): void;
  remove(from: number, to?: number): void;
}

export function useLineDeeds(columns: Field[], lines: Line[], onChange: (lines: Line[]) => void): LineDeeds {
  const me = useMe();
  const formats = useFormats();
  const blank = (): Line => ({
    $key: newKey(),
    ...defaultsOf({ fields: columns, owned: false }, { id: me.id, label: me.name }, formats),
  });
  return {
    blank,
    put: (at, line) =>
      onChange(at < lines.length ? lines.map((old, i) => (i === at ? line : old)) : [...lines, line]),
    insert: (at) => onChange(inserted(lines, at, blank())),
    duplicate: (at) => {
      const line = lines[at];
      if (line) onChange(inserted(lines, at + 1, copied(line, columns)));
    },
    move: (from, to) => onChange(moved(lines, from, to)),
    remove: (from, to = from) => onChange(lines.filter((_, i) => i < from || i > to)),
  };
}
