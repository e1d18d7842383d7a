// Writes src/api/schema.gen.d.ts from the API's description. It is a package of
// its own because the generator needs an older TypeScript than the page.
// Records are left out: their fields are told by the metadata at run time.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { digest, golden, trimmed } from './description.mjs';

const out = fileURLToPath(new URL('../../src/api/schema.gen.d.ts', import.meta.url));
const description = trimmed(JSON.parse(readFileSync(golden, 'utf8')));
const body = astToString(await openapiTS(description, { alphabetize: true, defaultNonNullable: false }));
writeFileSync(
  out,
  `// Made by tools/openapi from the API's description; do not edit.\n// digest ${digest(description)}\n${body}`,
);
