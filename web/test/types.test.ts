// The types of the API are generated; they must be of the description that the
// server's tests hold. When this fails: npm run types, and look at what changed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script of the generator
import { digest, golden, trimmed } from '../tools/openapi/description.mjs';

it('the generated types are of the API as it is', () => {
  const types = readFileSync(fileURLToPath(new URL('../src/api/schema.gen.d.ts', import.meta.url)), 'utf8');
  const description = trimmed(JSON.parse(readFileSync(golden, 'utf8')));
  expect(types).toContain(`digest ${digest(description)}\n`);
});
