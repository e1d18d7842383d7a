import { Info } from 'lucide-react';
import type { ImportNote } from '@/api/types';

/** What the reader of a table wants people to know: cut sheets, merged cells, repeated names. */
export function Notes({ notes }: { notes: ImportNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 rounded-md bg-warn-wash px-3 py-2 text-warn">
      {notes.map((note) => (
        <li key={`${note.key} ${note.message}`} className="flex items-start gap-2">
          <Info size={14} aria-hidden="true" className="mt-[3px] shrink-0" />
          <span className="min-w-0 break-words">{note.message}</span>
        </li>
      ))}
    </ul>
  );
}
