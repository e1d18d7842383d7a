// Prints what the page weighs and fails when a budget of the design is broken:
// first load (the page with the list, what it imports, one language) 250 kB gzip
// in five files (each costs a slow machine as much as 10 kB),
// what is fetched unasked once the page is at rest (ui/later.ts) 60 kB, any later
// route 80 kB beyond these; what heavy/ wraps, asked for by name, 160 kB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const weights = new Map();

function weight(file) {
  if (!weights.has(file)) weights.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  return weights.get(file);
}

// Everything that one manifest entry makes the browser fetch at once.
function files(key, found = new Set()) {
  const entry = manifest[key];
  if (!entry || found.has(entry.file)) return found;
  found.add(entry.file);
  for (const css of entry.css ?? []) found.add(css);
  for (const imported of entry.imports ?? []) files(imported, found);
  return found;
}

const sum = (set) => [...set].reduce((total, file) => total + weight(file), 0);
const keys = Object.keys(manifest);
const entry = keys.find((key) => manifest[key].isEntry);
const language = keys.find((key) => key.endsWith('zh-CN.json'));
const first = new Set([entry, language].filter(Boolean).flatMap((key) => [...files(key)]));

let failed = false;
const report = (name, bytes, limit) => {
  const over = bytes > limit;
  failed ||= over;
  console.log(`${over ? 'OVER' : 'ok  '}  ${name.padEnd(44)} ${kB(bytes).padStart(9)} of ${kB(limit)}`);
};

report('first load (page with the list, one language)', sum(first), 250_000);
if (first.size > 5) {
  failed = true;
  console.log(`OVER  first load in ${first.size} files of 5: ${[...first].join(' ')}`);
}
const unasked = ['ui/MenuSheet.tsx', 'ui/DropdownSheet.tsx', 'ui/ToastRegion.tsx'].map((name) => {
  const key = keys.find((one) => one.endsWith(name));
  if (!key) throw new Error(`${name} is no chunk of its own any more`);
  return key;
});
const atRest = new Set(unasked.flatMap((key) => [...files(key)]).filter((file) => !first.has(file)));
report('at rest (menus, what floats, toasts)', sum(atRest), 60_000);
const known = [language, ...unasked];
for (const key of keys.filter((key) => manifest[key].isDynamicEntry && !known.includes(key))) {
  const later = new Set([...files(key)].filter((file) => !first.has(file) && !atRest.has(file)));
  report(key.replace(/^src\//, ''), sum(later), key.includes('src/heavy/') ? 160_000 : 80_000);
}
process.exitCode = failed ? 1 : 0;
