// Markup as blocks. It never fails: what is not understood is left out.
import { type Block, isControl, type Look, safeHref, type Tag, tagsOf, write } from './blocks';
import { decoded } from './entities';

const maxDepth = 8;
const maxFrames = 64;
const raw = /^(script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|template|object)$/;
const blocks =
  /^(address|article|aside|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|header|html|main|nav|pre|section|summary|table|tbody|tfoot|thead|tr|caption)$/;
const inlines = /^(a|b|strong|i|em|u|ins|s|del|strike|span|font)$/;
const leads =
  /^(a|b|br|del|em|font|h[1-6]|head|hr|i|img|ins|li|meta|ol|p|s|script|span|strike|strong|style|sub|sup|td|th|title|u|ul|blockquote)$/;

interface Frame {
  tag: string;
  set(look: Look): void;
}

type Attributes = Map<string, string>;

const sameLook = (a: Look, b: Look) => tagsOf(a).join() === tagsOf(b).join();

class Builder {
  readonly root: Block[] = [];
  private open: Block[] = [];
  private para: Block | undefined;
  private frames: Frame[] = [];
  private lifted = new Map<string, number>();
  private cells = 0;
  private pre = 0;

  start(name: string, attrs: Attributes) {
    if (name === 'br') return this.append('\n');
    if (name === 'hr') {
      this.closePara();
      return this.add(made('hr'));
    }
    const word = attrs.get('mso-list');
    if (name === 'p' && word) return this.wordItem(word);
    if (/^(p|h[1-6])$/.test(name)) {
      this.closePara();
      return this.openPara(heading(name));
    }
    if (name === 'ul' || name === 'ol') return this.openList(name, attrs.get('start') ?? '');
    if (name === 'li') {
      this.closePara();
      this.popTo('li', 'ul', 'ol');
      if (/^[uo]l$/.test(this.top()?.tag ?? '')) this.push(made('li'));
      return;
    }
    if (name === 'blockquote') {
      this.closePara();
      return this.push(made(name));
    }
    if (name === 'tr') {
      this.closePara();
      this.cells = 0;
      return;
    }
    if (name === 'td' || name === 'th') {
      if (this.cells > 0 && this.para) this.append(' | ');
      this.cells++;
      return;
    }
    if (inlines.test(name)) {
      if (this.frames.length < maxFrames) this.frames.push({ tag: name, set: setter(name, attrs) });
    } else if (blocks.test(name)) {
      this.closePara();
      if (name === 'pre') this.pre++;
    }
  }

  end(name: string) {
    if (name === 'br') return this.append('\n');
    if (name === 'p') return this.closePara();
    if (/^(ul|ol|li|blockquote)$/.test(name)) {
      this.closePara();
      return this.pop(name);
    }
    const at = this.frames.findLastIndex((frame) => frame.tag === name);
    if (at >= 0) {
      this.frames.splice(at, 1);
    } else if (blocks.test(name) || heading(name) !== 'p') {
      this.closePara();
      if (name === 'pre' && this.pre > 0) this.pre--;
    }
  }

  /** Word writes a list as paragraphs that say so; its bullet is a text of its own. */
  private wordItem(list: string) {
    this.closePara();
    const tag = list === 'ol' ? 'ol' : 'ul';
    const last = this.root.at(-1);
    if (this.open.length === 0 && last?.tag === tag) this.open = [last];
    else if (this.open.length === 0) this.push(made(tag));
    this.push(made('li'));
    this.openPara('p');
    this.open = [];
  }

  private top(): Block | undefined {
    return this.open.at(-1);
  }

  private add(block: Block) {
    if (/^[uo]l$/.test(this.top()?.tag ?? '') && block.tag !== 'li') this.push(made('li'));
    (this.top()?.kids ?? this.root).push(block);
  }

  private push(block: Block) {
    if (this.open.length >= 2 * maxDepth && block.tag !== 'li') {
      this.lifted.set(block.tag, (this.lifted.get(block.tag) ?? 0) + 1);
      return;
    }
    this.add(block);
    this.open.push(block);
  }

  private openList(tag: 'ul' | 'ol', start: string) {
    this.closePara();
    const list = made(tag);
    const first = /^\s*[+]?\d{1,6}\s*$/.test(start) ? Number(start) : 0;
    if (tag === 'ol' && first > 1) list.start = first;
    const top = this.top();
    const before = top?.kids.at(-1);
    if (/^[uo]l$/.test(top?.tag ?? '') && before) this.open.push(before);
    this.push(list);
  }

  private pop(tag: string) {
    const lifted = this.lifted.get(tag) ?? 0;
    if (lifted > 0) {
      this.lifted.set(tag, lifted - 1);
      return;
    }
    const at = this.open.findLastIndex((block) => block.tag === tag);
    if (at >= 0) this.open.length = at;
  }

  private popTo(tag: string, ...others: string[]) {
    const at = this.open.findLastIndex((block) => block.tag === tag || others.includes(block.tag));
    if (at >= 0) this.open.length = this.open[at]?.tag === tag ? at : at + 1;
  }

  openPara(tag: Tag) {
    this.para = made(tag);
    this.add(this.para);
  }

  closePara() {
    const runs = this.para?.runs ?? [];
    for (let last = runs.at(-1); last; last = runs.at(-1)) {
      last.text = last.text.replace(/[ \n]+$/, '');
      if (last.text !== '') break;
      runs.pop();
    }
    this.para = undefined;
  }

  text(text: string) {
    if (!this.para && /^[ \t\r\n\f\ufeff]*$/.test(text)) return;
    const shown = [...text]
      .map((c) => {
        if (c === '\n' && this.pre > 0) return c;
        if (/[ \t\r\n\f]/.test(c)) return ' ';
        return isControl(c.codePointAt(0) ?? 0) ? '' : c;
      })
      .join('');
    this.append(shown);
  }

  private append(text: string) {
    if (!this.para) {
      if (/^ *$/.test(text)) return;
      this.openPara('p');
    }
    const look: Look = {};
    for (const frame of this.frames) frame.set(look);
    for (const c of text) this.put(c, look);
  }

  private put(c: string, look: Look) {
    const runs = this.para?.runs ?? [];
    let last = runs.at(-1);
    const before = last?.text.at(-1) ?? '\n';
    if (c === ' ' && (before === ' ' || before === '\n')) return;
    if (c === '\n' && last && before === ' ') {
      last.text = last.text.slice(0, -1);
      if (last.text === '') runs.pop();
      last = runs.at(-1);
    }
    if (last && (last.look === look || sameLook(last.look, look))) {
      last.text += c;
      last.look = look;
    } else runs.push({ text: c, look });
  }

  done(): Block[] {
    this.closePara();
    const kids = pruned(this.root, true);
    while (kids[0] && isBlank(kids[0])) kids.shift();
    for (let last = kids.at(-1); last && isBlank(last); last = kids.at(-1)) kids.pop();
    return kids;
  }
}

const made = (tag: Tag): Block => ({ tag, runs: [], kids: [] });
const isBlank = (block: Block) => block.tag !== 'hr' && block.runs.length === 0 && block.kids.length === 0;

function pruned(list: Block[], isOutermost: boolean): Block[] {
  return list.filter((block) => {
    block.kids = pruned(block.kids, false);
    return !isBlank(block) || (isOutermost && block.tag === 'p');
  });
}

function heading(name: string): 'p' | 'h2' | 'h3' {
  if (/^h[12]$/.test(name)) return 'h2';
  return /^h[3-6]$/.test(name) ? 'h3' : 'p';
}

function setter(name: string, attrs: Attributes): (look: Look) => void {
  if (name === 'a') {
    const href = safeHref(attrs.get('href') ?? '');
    return (look) => {
      look.href = href || undefined;
    };
  }
  const style = (attrs.get('style') ?? '').toLowerCase();
  return (look) => {
    if (/^(b|strong)$/.test(name)) look.strong = true;
    if (/^(i|em)$/.test(name)) look.em = true;
    if (/^(u|ins)$/.test(name)) look.u = true;
    if (/^(s|del|strike)$/.test(name)) look.s = true;
    for (const part of style.split(';')) {
      const at = part.indexOf(':');
      const key = (at < 0 ? part : part.slice(0, at)).trim();
      const value =
        at < 0
          ? ''
          : part
              .slice(at + 1)
              .trim()
              .replace(/!important$/, '')
              .trim();
      if (key === 'font-weight') look.strong = /^bold(er)?$/.test(value) || Number(value) >= 600;
      if (key === 'font-style') look.em = /^(italic|oblique)$/.test(value);
      if (/^text-decoration(-line)?$/.test(key)) {
        look.u ||= value.includes('underline');
        look.s ||= value.includes('line-through');
      }
    }
  };
}

const tagPattern = /^<(\/?)([a-z][a-z0-9:-]*)/i;
const attrPattern =
  /[ \t\r\n\f/]*([^ \t\r\n\f/>][^ \t\r\n\f/>=]*)(?:[ \t\r\n\f]*=[ \t\r\n\f]*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^ \t\r\n\f>]*)))?/y;

/** The blocks of any markup; what is not understood is left out. */
export function read(markup: string): Block[] {
  const to = new Builder();
  let at = 0;
  const upTo = (mark: string, from: number) => {
    const found = markup.indexOf(mark, from);
    return found < 0 ? markup.length : found + mark.length;
  };
  while (at < markup.length) {
    const next = markup.indexOf('<', at);
    if (next !== at) to.text(decoded(markup.slice(at, next < 0 ? undefined : next)));
    if (next < 0) break;
    at = next;
    if (markup.startsWith('<!--', at)) {
      at = upTo('-->', at + 4);
      continue;
    }
    if (/^<[!?]/.test(markup.slice(at, at + 2))) {
      at = upTo('>', at);
      continue;
    }
    const tag = tagPattern.exec(markup.slice(at, at + 80));
    if (!tag) {
      to.text('<');
      at++;
      continue;
    }
    const name = (tag[2] ?? '').toLowerCase();
    at += tag[0].length;
    if (tag[1]) {
      at = upTo('>', at);
      to.end(name);
      continue;
    }
    const attrs: Attributes = new Map();
    attrPattern.lastIndex = at;
    for (let one = attrPattern.exec(markup); one; one = attrPattern.exec(markup)) {
      at = attrPattern.lastIndex;
      const key = (one[1] ?? '').toLowerCase();
      if (!attrs.has(key)) attrs.set(key, decoded(one[2] ?? one[3] ?? one[4] ?? ''));
    }
    at = upTo('>', at);
    if (raw.test(name)) {
      const end = new RegExp(`</${name}(?![a-z0-9:-])[^>]*(>|$)`, 'gi');
      end.lastIndex = at;
      at = end.exec(markup) ? end.lastIndex : markup.length;
      continue;
    }
    to.start(name, attrs);
  }
  return to.done();
}

/** Whether a text begins with a tag that HTML knows, or a comment. */
export function isMarkup(text: string): boolean {
  const start = text.replace(/^[ \t\r\n\f\ufeff]+/, '');
  if (/^(<!--|<!doctype.)/is.test(start)) return true;
  const name = /^<([a-z][a-z0-9:-]*)[ \t\r\n\f/>]/i.exec(start)?.[1]?.toLowerCase() ?? '';
  return leads.test(name) || blocks.test(name);
}

/** Each line of plain text as a paragraph. */
export function ofText(text: string): Block[] {
  const to = new Builder();
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    to.openPara('p');
    to.text(line);
    to.closePara();
  }
  return to.done();
}

export const clean = (markup: string) => write(read(markup));
