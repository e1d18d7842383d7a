import { get } from '@/api/client';
import type { Entity, Field, Page, Row } from '@/api/types';
import { useMeta } from '../context';
import { onlyOf } from '../fields/reference/only';
import { isRaw, keyOf, type Line } from './lines';
import { targetOf } from './read';

/** A pasted name that stands for a record of another entity. */
export interface Asked {
  line: string;
  column: Field;
  text: string;
}

/** As many names as are looked up in one call. */
const atOnce = 100;

/** What a record is called by in other papers: its title, else what only it has, such as its code. */
export function namesOf(target: Entity): string[] {
  const own = target.fields.filter(
    (field) => field.unique && field.type === 'text' && !field.system && field.filter_ops.includes('in'),
  );
  return [target.title, ...own.map((field) => field.key).filter((key) => key !== target.title)];
}

/** The records that a text stands for: those of that title, else that of that code. */
export function called(rows: Row[], keys: string[], text: string): Row[] {
  for (const key of keys) {
    const found = rows.filter((row) => row[key] === text);
    if (found.length > 0) return found;
  }
  return [];
}

async function find(target: Entity, texts: string[], only: string | undefined): Promise<Map<string, Row[]>> {
  const keys = namesOf(target);
  const found = new Map<string, Row[]>();
  for (let i = 0; i < texts.length; i += atOnce) {
    const some = texts.slice(i, i + atOnce);
    const names = some.map((text) => JSON.stringify(text)).join(', ');
    const page = await get<Page<Row>>(`records/${target.name}`, {
      filter: [only, keys.map((key) => `${key} in (${names})`).join(' or ')]
        .flatMap((part) => (part ? [`(${part})`] : []))
        .join(' and '),
      fields: keys.join(','),
      limit: 200,
    });
    for (const text of some) found.set(text, called(page.items, keys, text));
  }
  return found;
}

/** Puts records in the place of names or codes that only one of them has. */
export function useNameLookup(latest: () => Line[], onChange: (lines: Line[]) => void) {
  const { entities } = useMeta();
  return async (asked: Asked[]) => {
    for (const column of new Set(asked.map((one) => one.column))) {
      const target = entities[targetOf(column) ?? ''];
      if (!target) continue;
      const own = asked.filter((one) => one.column === column);
      const only = target.line_of ? onlyOf(column, undefined) : undefined;
      const found = await find(target, [...new Set(own.map((one) => one.text))], only).catch(
        () => new Map<string, Row[]>(),
      );
      const lines = latest().map((line) => {
        const held = line[column.key];
        const rows = isRaw(held) ? found.get(held.raw) : undefined;
        const row = rows?.length === 1 ? rows[0] : undefined;
        if (!row || !isRaw(held) || !own.some((one) => one.line === keyOf(line))) return line;
        const ref = { id: row.id, label: String(row[target.title] ?? held.raw) };
        return { ...line, [column.key]: column.settings.many ? [ref] : ref };
      });
      onChange(lines);
    }
  };
}
