import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { clean, isMarkup, ofText, plain, read, safeHref, write } from '.';

const at = fileURLToPath(
  new URL('../../../../internal/base/richtext/testdata/vectors.json', import.meta.url),
);
const vectors: Record<'clean' | 'read' | 'plain', [string, string][]> = JSON.parse(readFileSync(at, 'utf8'));

describe('formatted text is read as on the server', () => {
  it.each(vectors.clean)('%s', (markup, want) => {
    expect(clean(markup)).toBe(want);
    expect(clean(want)).toBe(want);
  });
  it.each(vectors.read)('%s', (text, want) => {
    expect(write(isMarkup(text) ? read(text) : ofText(text))).toBe(want);
  });
  it.each(vectors.plain)('%s', (markup, want) => expect(plain(read(markup))).toBe(want));
});

describe('links', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    [' /crm/customer/0ABC ', '/crm/customer/0ABC'],
    ['javascript:alert(1)', ''],
    ['JAVASCRIPT:alert(1)', ''],
    ['data:text/html,x', ''],
    ['//evil.example', ''],
    ['http:evil', ''],
    ['https://', ''],
    ['ht\ttps://example.com', ''],
    ['', ''],
  ])('%s', (href, want) => expect(safeHref(href)).toBe(want));
});

it('takes hostile lengths in good time', () => {
  for (const markup of [
    '<b>x'.repeat(5_000),
    '<ul><li>'.repeat(5_000),
    '<'.repeat(20_000),
    '<script>'.repeat(5_000),
  ])
    expect(clean(clean(markup))).toBe(clean(markup));
});
