// What runs in every browser is written for every browser.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('boot.js has the syntax of 2009', () => {
  const source = readFileSync(new URL('../public/boot.js', import.meta.url), 'utf8').replace(
    /^\s*\/\/.*$/gm,
    '',
  );
  expect(source).not.toMatch(/=>|`|\?\?|\?\.|\b(const|let|class|async|await|of)\b/);
  expect(() => new Function(source)).not.toThrow();
});
