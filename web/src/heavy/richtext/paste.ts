// What is pasted or dropped from outside: read by our own reader (the browser's
// would need markup from text), with what Word writes instead of lists made lists.
import { type Block, ofText, read } from '@/lib/richtext';

/** Word's paragraphs that are items of a list, said in its own way. */
const wordItem = /<p\b([^>]*\b(?:class\s*=\s*["']?MsoListParagraph|mso-list:)[^>]*)>([\s\S]*?)<\/p>/gi;
const bullet =
  /<!--\[if !supportLists\]-->[\s\S]*?<!--\[endif\]-->|<!\[if !supportLists\]>[\s\S]*?<!\[endif\]>|<span[^>]*mso-list:\s*Ignore[^>]*>(?:[^<]|<(?!\/span>)[^>]*>)*?<\/span>(?:<\/span>)*/gi;

export function fromOffice(html: string): string {
  return html.replace(wordItem, (_, __, inner: string) => {
    const sign = (inner.match(bullet) ?? []).join('').replace(/<[^>]*>|&nbsp;|\s/g, '');
    const list = /^[(（]?[\da-z一二三四五六七八九十]{1,4}[.)、）]/i.test(sign) ? 'ol' : 'ul';
    return `<p mso-list="${list}">${inner.replace(bullet, '')}</p>`;
  });
}

/** The blocks on a clipboard; undefined when there is no text on it. */
export function pasted(data: DataTransfer | null): Block[] | undefined {
  const html = data?.getData('text/html') ?? '';
  // Between these marks stands what was copied; around them is a page made for it.
  const part = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/.exec(html)?.[1] ?? html;
  if (part.trim() !== '') return read(fromOffice(part));
  const text = data?.getData('text/plain') ?? '';
  if (text.trim() === '') return undefined;
  return ofText(text);
}
