// What a page says in a language that is not its own: keys of texts that were
// never translated, hanzi on an English page, English on a Chinese one. What
// members wrote themselves is theirs, whatever the language.

/** The same in both languages: names, forms of files, words that keyboards and filters know. */
const everywhere = new Set(
  'Android App Letter Chrome Edge English EspoCRM Excel Firefox Gmail Guanxi HubSpot Linux Microsoft Safari Salesforce SuiteCRM WeChat Windows iPad iPhone macOS Alt Ctrl Enter Esc Shift Space Tab csv http https kB me member mod now today utf-8 xlsx 中文'.split(
    ' ',
  ),
);
const han = /\p{Script=Han}+/u;
const latinWord = /[A-Za-z][\w.@-]*\w/g;
const files = /\.(com|cn|csv|pdf|xlsx|gxbackup|example)$/;

/**
 * The texts that were put in: what all records hold and what is called by names
 * of members' own. Names of regions are those of the country that they lie in.
 */
export async function writtenBy(api) {
  const texts = new Set();
  const keep = (value) => {
    if (typeof value === 'string') {
      for (const line of value.split('\n')) if (line.trim()) texts.add(line.trim());
    } else if (value && typeof value === 'object') Object.values(value).forEach(keep);
  };
  const meta = await api.send('GET', 'meta');
  for (const { name, fields } of Object.values(meta.entities)) {
    const keys = fields.map(({ key }) => key);
    texts.add(name);
    for (const key of keys) texts.add(key);
    for (const deleted of [false, true]) {
      const rows = `records/${name}?limit=200&deleted=${deleted}&fields=${keys.join(',')}`;
      keep((await api.send('GET', rows).catch(() => ({}))).items);
    }
  }
  for (const path of ['meta/regions', 'settings', 'me', 'views']) keep(await api.send('GET', path));
  return texts;
}

const byLength = (a, b) => b.length - a.length;
const sortedBefore = new WeakMap();

/** Texts as lines are held against them: those with hanzi, the longest first, and all words. Thousands, sorted once. */
function sorted(texts) {
  let lists = sortedBefore.get(texts);
  if (!lists) {
    const all = [...texts];
    lists = {
      hanzi: all.filter((text) => han.test(text)).sort(byLength),
      latin: new Set([...all, ...all.flatMap((text) => text.split(/[^\w.@-]+/))]),
    };
    sortedBefore.set(texts, lists);
  }
  return lists;
}

/** A line without the texts, as far as there are hanzi in it that could be of one. */
function without(texts, line) {
  let rest = line;
  for (const text of texts) {
    if (!han.test(rest)) break;
    if (rest.includes(text)) rest = rest.replaceAll(text, ' ');
  }
  return rest;
}

/** The findings on the page as it stands, one line each; own are words that were typed on it. */
export async function strange(page, lang, written, own = []) {
  const said = await page.evaluate(() => {
    const out = new Map();
    const add = (text, where) => {
      const line = text.replace(/\s+/g, ' ').trim();
      if (line && !out.has(line)) out.set(line, where);
    };
    const attributes = [
      'aria-label',
      'title',
      'placeholder',
      'alt',
      'aria-description',
      'aria-roledescription',
      'aria-valuetext',
    ];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      // A text that says which language it is in may be in another.
      if (
        element?.closest('[lang]') !== document.documentElement ||
        element.closest('script, style, noscript, kbd')
      )
        continue;
      // A word that is marked stands in a line, which is one text.
      if (node instanceof Text) {
        const line = [element, element.parentElement].find((it) => it?.querySelector(':scope > mark'));
        add(line && line !== document.body ? line.textContent : node.data, element.localName);
      } else
        for (const name of attributes)
          if (node.hasAttribute(name)) add(node.getAttribute(name), `${node.localName} ${name}`);
    }
    add(document.title, 'title');
    return [...out];
  });
  const { hanzi, latin } = sorted(written);
  const typed = sorted(new Set(own));
  const isKnown = (word) =>
    everywhere.has(word) || latin.has(word) || typed.latin.has(word) || files.test(word);
  const names = own.length > 0 ? [...hanzi, ...typed.hanzi].sort(byLength) : hanzi;
  /** A line without the texts that were put in: nothing where it is one. */
  const less = (text) => (written.has(text) ? ' ' : without(names, text));
  return said.flatMap(([text, where]) => {
    const found = [];
    const words = text.match(latinWord) ?? [];
    const key = words.find((word) => /^[a-z]\w*(\.[a-z]\w*)+$/.test(word) && !isKnown(word));
    if (key) found.push(`the key ${key}`);
    if (lang === 'en') {
      const foreign = without(everywhere, less(text)).match(han)?.[0];
      // A face without a picture shows the end of its name.
      if (foreign && !(text.length <= 2 && names.some((it) => it.endsWith(text))))
        found.push(`in Chinese ${foreign}`);
    } else {
      // Abbreviations and codes are the same in Chinese.
      const isForeign = (word) => !/^[A-Z\d-]+$/.test(word) && !isKnown(word);
      const foreign = words.some(isForeign) && (less(text).match(latinWord) ?? []).find(isForeign);
      if (foreign && foreign !== key) found.push(`in English ${foreign}`);
    }
    return found.map((it) => `${it}: "${text}" (${where})`);
  });
}
