// Between the blocks of formatted text and the document of the editor.
import type { JSONContent } from '@tiptap/core';
import { type Block, type Look, type Run, safeHref, type Tag } from '@/lib/richtext';

const nodes: Partial<Record<Tag, string>> = {
  ul: 'bulletList',
  ol: 'orderedList',
  li: 'listItem',
  blockquote: 'blockquote',
};
const tags = new Map(Object.entries(nodes).map(([tag, name]) => [name, tag as Tag]));

function marksOf(look: Look): JSONContent['marks'] {
  const marks: NonNullable<JSONContent['marks']> = [];
  if (look.href) marks.push({ type: 'link', attrs: { href: look.href } });
  if (look.strong) marks.push({ type: 'bold' });
  if (look.em) marks.push({ type: 'italic' });
  if (look.u) marks.push({ type: 'underline' });
  if (look.s) marks.push({ type: 'strike' });
  return marks.length > 0 ? marks : undefined;
}

function inlineOf({ text, look }: Run): JSONContent[] {
  return text
    .split('\n')
    .flatMap((line, i) => [
      ...(i > 0 ? [{ type: 'hardBreak' }] : []),
      ...(line ? [{ type: 'text', text: line, marks: marksOf(look) }] : []),
    ]);
}

function nodeOf(block: Block): JSONContent {
  const { tag, start, runs, kids } = block;
  if (tag === 'hr') return { type: 'horizontalRule' };
  const name = nodes[tag];
  if (!name) {
    const content = runs.flatMap(inlineOf);
    return tag === 'p'
      ? { type: 'paragraph', content }
      : { type: 'heading', attrs: { level: tag === 'h2' ? 2 : 3 }, content };
  }
  const content = kids.map(nodeOf);
  // The editor's items begin with a paragraph.
  if (tag === 'li' && content[0]?.type !== 'paragraph') content.unshift({ type: 'paragraph' });
  return { type: name, ...(start ? { attrs: { start } } : {}), content };
}

export function documentOf(blocks: Block[]): JSONContent {
  return { type: 'doc', content: blocks.length > 0 ? blocks.map(nodeOf) : [{ type: 'paragraph' }] };
}

function lookOf(marks: JSONContent['marks'] = []): Look {
  const has = (type: string) => marks.find((mark) => mark.type === type);
  return {
    href: safeHref(String(has('link')?.attrs?.href ?? '')) || undefined,
    strong: Boolean(has('bold')),
    em: Boolean(has('italic')),
    u: Boolean(has('underline')),
    s: Boolean(has('strike')),
  };
}

function runOf({ type, text = '', marks }: JSONContent): Run {
  return { text: type === 'hardBreak' ? '\n' : text, look: lookOf(marks) };
}

/** The blocks of the editor's document; made canonical by writing and reading them once. */
export function blocksOf(document: JSONContent): Block[] {
  return (document.content ?? []).map((node) => {
    const tag = tags.get(node.type ?? '');
    if (tag) {
      const start = tag === 'ol' && Number(node.attrs?.start) > 1 ? Number(node.attrs?.start) : undefined;
      return { tag, start, runs: [], kids: blocksOf(node) };
    }
    if (node.type === 'horizontalRule') return { tag: 'hr', runs: [], kids: [] };
    const heading = node.attrs?.level === 2 ? 'h2' : 'h3';
    return {
      tag: node.type === 'heading' ? heading : 'p',
      runs: (node.content ?? []).map(runOf),
      kids: [],
    };
  });
}

/** An address as people type it, with the scheme that they leave out; "" when it is none. */
export function typedHref(typed: string): string {
  const text = typed.trim();
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return safeHref(`mailto:${text}`);
  return safeHref(text) || (/^[^\s/:]+\.[^\s/:]+/.test(text) ? safeHref(`https://${text}`) : '');
}
