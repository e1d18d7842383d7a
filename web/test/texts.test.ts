// Every text that people read comes from lib/i18n: both languages have the same
// keys, every key is used, every used key exists, and no component holds words.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';
import en from '../src/lib/i18n/en.json';
import zh from '../src/lib/i18n/zh-CN.json';
import { iconNames } from '../src/ui/Icon';

const src = fileURLToPath(new URL('../src', import.meta.url));
const plural = /_(zero|one|two|few|many|other)$/;

function keys(tree: object, above = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = above ? `${above}.${key}` : key;
    return typeof value === 'object' ? keys(value, path) : [path];
  });
}

const text = (tree: object, path: string) =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], tree) as string;

const chinese = keys(zh);
const english = keys(en);
const known = new Set(chinese.map((key) => key.replace(plural, '')));

it('both languages have the same keys', () => {
  const bare = (list: string[]) => [...new Set(list.map((key) => key.replace(plural, '')))].sort();
  expect(bare(english)).toEqual(bare(chinese));
  for (const key of english.filter((one) => one.endsWith('_one')))
    expect(english).toContain(key.replace(/_one$/, '_other'));
});

it('no text is empty, and both languages name the same values', () => {
  const names = (words: string) => [...new Set(words.match(/\{\w+/g) ?? [])].sort();
  for (const key of chinese) {
    const twin = english.includes(key) ? key : `${key}_other`;
    expect(text(zh, key).length, key).toBeGreaterThan(0);
    // A value stands in single braces here: what stands in two is read out as it is.
    expect(text(zh, key) + text(en, twin), key).not.toContain('{{');
    expect(names(text(en, twin)), key).toEqual(names(text(zh, key)));
  }
});

type Node = { type: string; [key: string]: unknown };

function walk(node: unknown, visit: (node: Node) => void) {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
  } else if (node && typeof node === 'object') {
    if ('type' in node && typeof node.type === 'string') visit(node as Node);
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') walk(child, visit);
  }
}

const read = new Set([
  'label',
  'title',
  'text',
  'placeholder',
  'aria-label',
  'alt',
  'help',
  'name',
  'note',
  'confirm',
  'empty',
]);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !/\.test\./.test(name),
);
const used = new Set<string>();
const prefixes = new Set<string>();
const words: string[] = [];

for (const name of files) {
  const path = join(src, name);
  const { program } = parseSync(path, readFileSync(path, 'utf8'));
  walk(program, (node) => {
    const value = typeof node.value === 'string' ? node.value : undefined;
    if (node.type === 'JSXText' && /\p{L}/u.test(String(node.value)))
      words.push(`${name}: ${String(node.value).trim()}`);
    if (node.type === 'JSXAttribute') {
      const attribute = (node.name as { name: string }).name;
      const literal = (node.value as { type?: string; value?: string } | null) ?? {};
      const shown = literal.type === 'Literal' ? literal.value : undefined;
      if (read.has(attribute) && shown && /\p{L}/u.test(shown))
        words.push(`${name}: ${attribute}="${shown}"`);
    }
    if (node.type === 'Literal' && value) {
      if (/\p{Script=Han}/u.test(value)) words.push(`${name}: ${value}`);
      if (known.has(value)) used.add(value);
    }
    if (node.type === 'CallExpression' && (node.callee as { name?: string }).name === 't') {
      const first = (node.arguments as Node[])[0];
      if (first?.type === 'Literal' && !known.has(String(first.value)))
        words.push(`${name}: unknown key ${first.value}`);
    }
    if (node.type === 'TemplateLiteral') {
      const head = (node.quasis as { value: { cooked: string } }[])[0]?.value.cooked ?? '';
      if (/^[a-z_]+(\.[a-z_]+)*[._]/.test(head)) prefixes.add(head);
    }
  });
}

it('components hold no words of their own and ask for known keys', () => {
  expect(files.length).toBeGreaterThan(80);
  expect(words).toEqual([]);
});

it('every key is used', () => {
  const unused = [...known].filter(
    (key) => !used.has(key) && ![...prefixes].some((head) => key.startsWith(head)),
  );
  expect(unused).toEqual([]);
});

it('the walker sees what it should', () => {
  const found: string[] = [];
  walk(parseSync('x.tsx', 'const a = <p title="Hello">Words</p>;').program, (node) => found.push(node.type));
  expect(found).toContain('JSXText');
  expect(found).toContain('JSXAttribute');
  expect(relative(src, join(src, 'app'))).toBe('app');
});

it('every icon that an entity can be given has a name', () => {
  expect(iconNames.filter((name) => !known.has(`icons.${name}`))).toEqual([]);
});
