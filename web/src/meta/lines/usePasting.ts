import { get } from '@/api/client';
import type { Entity, Field, Page, Row } from '@/api/types';
import { useMeta } from '../context';
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

async function find(target: Entity, texts: string[]): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for (let i = 0; i < texts.length; i += atOnce) {
    const names = texts.slice(i, i + atOnce).map((text) => JSON.stringify(text));
    const page = await get<Page<Row>>(`records/${target.name}`, {
      filter: `${target.title} in (${names.join(', ')})`,
      fields: target.title,
      limit: 200,
    });
    for (const row of page.items) {
      const name = String(row[target.title]);
      found.set(name, [...(found.get(name) ?? []), row]);
    }
  }
  return found;
}

/** Puts records in the place of names that only one of them has. */
export function useNameLookup(latest: () => Line[], onChange: (lines: Line[]) => void) {
  const { entities } = useMeta();
  return async (asked: Asked[]) => {
    for (const column of new Set(asked.map((one) => one.column))) {
      const target = entities[targetOf(column) ?? ''];
      if (!target) continue;
      const own = asked.filter((one) => one.column === column);
      const found = await find(target, [...new Set(own.map((one) => one.text))]).catch(
        () => new Map<string, Row[]>(),
      );
      const lines = latest().map((line) => {
        const held = line[column.key];
        const rows = isRaw(held) ? found.get(held.raw) : undefined;
        const row = rows?.length === 1 ? rows[0] : undefined;
        if (!row || !isRaw(held) || !own.some((one) => one.line === keyOf(line))) return line;
        const ref = { id: row.id, label: held.raw };
        return { ...line, [column.key]: column.settings.many ? [ref] : ref };
      });
      onChange(lines);
    }
  };
}
