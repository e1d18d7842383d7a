// Puts the parts of the golden OpenAPI document together: base.json and one
// file an entity. `join.mjs FOLDER FILE` writes the whole for other programs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const base = 'base.json';
const read = (folder, name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** The document that the parts in a folder are of. */
export function whole(folder) {
  const document = read(folder, base);
  for (const name of readdirSync(folder).sort()) {
    if (name === base || !name.endsWith('.json')) continue;
    const { paths, schemas } = read(folder, name);
    Object.assign(document.paths, paths);
    Object.assign(document.components.schemas, schemas);
  }
  return document;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(process.argv[3], JSON.stringify(whole(process.argv[2])));
