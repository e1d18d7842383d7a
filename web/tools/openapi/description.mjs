// The part of the API's description that the page has types for: the schemas
// that src/api/types.ts names, and what these are made of.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The part of the golden description that is of no entity. */
export const golden = here('../../../internal/server/api/testdata/openapi/base.json');

function named() {
  const text = readFileSync(here('../../src/api/types.ts'), 'utf8');
  return [...text.matchAll(/Schemas\['(\w+)'\]/g)].map((match) => match[1]);
}

/** The description cut down to the schemas that the page uses, in the order of their names. */
export function trimmed({ openapi, info, components }) {
  const found = new Set();
  const add = (name) => {
    if (found.has(name)) return;
    if (!components.schemas[name]) throw new Error(`the API has no schema ${name}`);
    found.add(name);
    const text = JSON.stringify(components.schemas[name]);
    for (const [, part] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) add(part);
  };
  named().forEach(add);
  const schemas = Object.fromEntries([...found].sort().map((name) => [name, components.schemas[name]]));
  return { openapi, info: { title: info.title, version: '1' }, paths: {}, components: { schemas } };
}

/** Tells whether generated types are of this description. */
export function digest(description) {
  return createHash('sha256').update(JSON.stringify(description)).digest('hex').slice(0, 16);
}
