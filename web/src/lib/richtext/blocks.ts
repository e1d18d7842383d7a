// Formatted text, read and written as the server does (internal/base/richtext, the
// same vectors): whatever markup comes in, from a paste or the server, becomes a
// few kinds of blocks; the page makes elements of these and never markup of text.

export interface Look {
  href?: string;
  strong?: boolean;
  em?: boolean;
  u?: boolean;
  s?: boolean;
}

/** Text of one look; "\n" is a line break. */
export interface Run {
  text: string;
  look: Look;
}

export type Tag = 'p' | 'h2' | 'h3' | 'ul' | 'ol' | 'li' | 'blockquote' | 'hr';

export interface Block {
  tag: Tag;
  start?: number;
  runs: Run[];
  kids: Block[];
}

export const isControl = (code: number) => code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xfeff;

/** An address as a link may carry it, "" for any other (the server judges the same). */
export function safeHref(text: string): string {
  const href = text.replace(/^[ \t\r\n\f]+|[ \t\r\n\f]+$/g, '');
  for (const c of href) {
    const code = c.codePointAt(0) ?? 0;
    if (code <= 0x20 || (isControl(code) && code !== 0xfeff) || c === '\\' || c === '\ufffd') return '';
  }
  if (/^\/(?!\/)/.test(href)) return href;
  if (/^https?:\/\/[^/?#]/i.test(href)) return href;
  return /^(mailto|tel):./i.test(href) ? href : '';
}

const encoded = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function tagsOf(look: Look): string[] {
  const tags: string[] = look.href ? [`a href="${encoded(look.href)}"`] : [];
  for (const tag of ['strong', 'em', 'u', 's'] as const) if (look[tag]) tags.push(tag);
  return tags;
}

function writeRuns(runs: Run[]): string {
  let text = '';
  let open: string[] = [];
  const shut = (to: number) => {
    for (const tag of open.slice(to).reverse()) text += `</${tag.split(' ')[0]}>`;
    open = open.slice(0, to);
  };
  for (const run of runs) {
    const want = tagsOf(run.look);
    let same = 0;
    while (same < open.length && open[same] === want[same]) same++;
    shut(same);
    for (const tag of want.slice(same)) {
      text += `<${tag}>`;
      open.push(tag);
    }
    text += encoded(run.text).replaceAll('\n', '<br>');
  }
  shut(0);
  return text;
}

/** The canonical markup of blocks. */
export function write(list: Block[]): string {
  return list
    .map(({ tag, start, runs, kids }) => {
      const begin = start ? `<${tag} start="${start}">` : `<${tag}>`;
      return tag === 'hr' ? begin : `${begin}${writeRuns(runs)}${write(kids)}</${tag}>`;
    })
    .join('');
}

/** The words alone: a line for each paragraph, items with their marks. */
export function plain(list: Block[]): string {
  return list.flatMap(lines).join('\n');
}

function lines({ tag, start, runs, kids }: Block): string[] {
  if (tag === 'hr') return ['———'];
  if (tag === 'li' || tag === 'blockquote') return kids.flatMap(lines);
  if (tag !== 'ul' && tag !== 'ol')
    return runs
      .map((run) => run.text)
      .join('')
      .split('\n');
  return kids.flatMap((item, i) => {
    const mark = tag === 'ul' ? '• ' : `${Math.max(start ?? 1, 1) + i}. `;
    return lines(item).map((line, j) => (j === 0 ? mark : ' '.repeat(mark.length)) + line);
  });
}
