import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { clean, read, write } from '@/lib/richtext';
import { blocksOf, documentOf, typedHref } from './convert';
import { fromOffice } from './paste';

const at = fileURLToPath(
  new URL('../../../../internal/base/richtext/testdata/vectors.json', import.meta.url),
);
const vectors: { clean: [string, string][] } = JSON.parse(readFileSync(at, 'utf8'));

it.each(vectors.clean.map(([, want]) => want))('goes into the editor and out again: %s', (markup) => {
  expect(clean(write(blocksOf(documentOf(read(markup)))))).toBe(markup);
});

describe('what is pasted', () => {
  it('from Word: its lists are lists, its comments and sizes are gone', () => {
    const word = `<p class=MsoNormal style='mso-outline-level:1'><b><span lang=EN-US style='font-size:14.0pt'>方案</span></b><o:p></o:p></p>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>交货</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span style='mso-list:Ignore'>·</span><!--[endif]-->验收</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>第一</p>`;
    expect(clean(fromOffice(word))).toBe(
      '<p><strong>方案</strong></p><ul><li><p>交货</p></li><li><p>验收</p></li></ul><ol><li><p>第一</p></li></ol>',
    );
  });
  it('from a page: the words and the links that are safe', () => {
    const page =
      '<meta charset="utf-8"><div style="color:red"><h1>通知</h1><span onclick="x()">请看<a href="https://example.com/a" onclick="y()">附件</a></span><script>z()</script></div>';
    expect(clean(fromOffice(page))).toBe('<h2>通知</h2><p>请看<a href="https://example.com/a">附件</a></p>');
  });
});

it.each([
  ['example.com/a', 'https://example.com/a'],
  ['http://example.com', 'http://example.com'],
  ['wang@example.cn', 'mailto:wang@example.cn'],
  ['/crm/customer', '/crm/customer'],
  ['javascript:alert(1)', ''],
  ['随便', ''],
])('an address as it is typed: %s', (typed, want) => expect(typedHref(typed)).toBe(want));
