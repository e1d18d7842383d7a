// Copies dist/ to the folder that the Go package webui embeds. The folder itself
// and its .keep stay, so that a checkout without Node still compiles.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../dist', import.meta.url));
const to = fileURLToPath(new URL('../../internal/server/webui/dist', import.meta.url));

mkdirSync(to, { recursive: true });
for (const name of readdirSync(to)) {
  if (name !== '.keep') rmSync(join(to, name), { recursive: true });
}
cpSync(from, to, { recursive: true });
