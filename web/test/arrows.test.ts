// The page is built in storeys: app → modules → meta → ui → lib, api beside lib.
// An import that points up, or from one module to another, fails here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

const below: Record<string, string[]> = {
  lib: [],
  api: ['lib'],
  ui: ['lib'],
  heavy: ['ui', 'lib'],
  meta: ['heavy', 'ui', 'api', 'lib'],
  modules: ['meta', 'heavy', 'ui', 'api', 'lib'],
  app: ['modules', 'meta', 'ui', 'api', 'lib'],
};

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function place(path: string): string[] {
  return relative(src, path).split('/');
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.gen.d.ts'))
  .map((name) => join(src, name));

it('finds the source', () => expect(files.length).toBeGreaterThan(80));

it.each(files.map((path) => [relative(src, path), path]))('%s imports downwards only', (_, path) => {
  const [storey = '', module] = place(path);
  const up: string[] = [];
  for (const name of imports(path)) {
    const target = name.startsWith('@/')
      ? join(src, name.slice(2))
      : name.startsWith('.')
        ? resolve(dirname(path), name)
        : undefined;
    if (!target) continue;
    const [to = '', other] = place(target);
    const sideways = storey === 'modules' && to === 'modules' && module !== other;
    if (sideways || (to !== storey && !below[storey]?.includes(to))) up.push(name);
  }
  expect(up).toEqual([]);
});

it.each(files.map((path) => [relative(src, path), path]))('%s is short enough to read', (_, path) => {
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(400);
});
