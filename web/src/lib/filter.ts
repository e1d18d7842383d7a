// The text form of filters that the API takes and the URL holds, and the tree
// that chips and the filter builder show of it: clauses in groups that want all,
// any or none of what they hold. What the tree cannot say is left as text.

export type Literal = string | number | boolean | null | Call;

/** A function of the filter language: me, today(), month_start(-1). */
export interface Call {
  fn: string;
  args: number[];
}

export type Operator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'not_in'
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'not_starts_with'
  | 'under'
  | 'not_under'
  | 'between'
  | 'not_between'
  /** From the first value on and before the second: whole weeks, months, years. */
  | 'within'
  | 'is_null'
  | 'is_not_null';

export interface Clause {
  field: string;
  op: Operator;
  /** One value, the list of in, or the two ends of between; null for is_null. */
  value: Literal | Literal[];
}

export interface Group {
  joint: 'and' | 'or' | 'none';
  kids: Filter[];
}

export type Filter = Clause | Group;

export function isGroup(filter: Filter): filter is Group {
  return 'kids' in filter;
}

export function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'fn' in value;
}

/** Names that stand alone, without brackets. */
const bare = new Set(['me', 'my_department']);

function literalText(value: Literal): string {
  if (isCall(value)) return bare.has(value.fn) ? value.fn : `${value.fn}(${value.args.join(', ')})`;
  if (typeof value === 'string')
    return `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;
  return String(value);
}

export function clauseText({ field, op, value }: Clause): string {
  const word = op.replace(/^(is_not|is|not)_/, (head) => head.replaceAll('_', ' '));
  if (op === 'is_null' || op === 'is_not_null') return `${field} ${word}`;
  const values = Array.isArray(value) ? value : [value];
  const [first = null, last = null] = values;
  if (op === 'in' || op === 'not_in') return `${field} ${word} (${values.map(literalText).join(', ')})`;
  if (op === 'within') return `(${field} >= ${literalText(first)} and ${field} < ${literalText(last)})`;
  if (op === 'between' || op === 'not_between')
    return `${field} ${word} ${literalText(first)} and ${literalText(last)}`;
  return `${field} ${word} ${literalText(first)}`;
}

/** The text of a filter; "" when it asks nothing. */
export function filterText(filter: Filter, isInside = false): string {
  if (!isGroup(filter)) return clauseText(filter);
  const kids = filter.kids.map((kid) => filterText(kid, true)).filter(Boolean);
  if (kids.length === 0) return '';
  if (filter.joint === 'none') return `not (${kids.join(' or ')})`;
  const text = kids.join(` ${filter.joint} `);
  return isInside && kids.length > 1 ? `(${text})` : text;
}

/** Two filters that must both hold; either may be empty. */
export function both(a: string | undefined, b: string | undefined): string | undefined {
  if (a && b) return `(${a}) and (${b})`;
  return a || b || undefined;
}

const token =
  /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[a-z_][a-z0-9_.]*|==|!=|<=|>=|[<>(),])/iy;

function tokens(text: string): string[] | null {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    if (/^\s*$/.test(text.slice(token.lastIndex))) break;
    const match = token.exec(text);
    if (!match?.[1]) return null;
    found.push(match[1]);
  }
  return found;
}

/** Reads a filter as a group, whose joint is "and" unless the text says otherwise; null when it cannot be shown as one. */
export function parseFilter(text: string): Group | null {
  if (text.trim() === '') return { joint: 'and', kids: [] };
  const list = tokens(text);
  if (!list) return null;
  try {
    const filter = new Reader(list).whole();
    return isGroup(filter) ? filter : { joint: 'and', kids: [filter] };
  } catch (error) {
    if (error instanceof NotShown) return null;
    throw error;
  }
}

class NotShown extends Error {}

const keywords = new Set(['and', 'or', 'not']);
const deepest = 8;

class Reader {
  private at = 0;
  private depth = 0;
  constructor(private readonly list: string[]) {}

  whole(): Filter {
    const filter = this.or();
    if (this.at < this.list.length) throw new NotShown();
    return filter;
  }

  private or(): Filter {
    return this.chain('or', () => this.chain('and', () => this.not()));
  }

  private chain(joint: 'and' | 'or', next: () => Filter): Filter {
    const kids = [next()];
    while (this.take(joint)) kids.push(next());
    const [only] = kids;
    if (kids.length === 1 && only) return only;
    // (a and b) and c is a and b and c.
    return { joint, kids: kids.flatMap((kid) => (isGroup(kid) && kid.joint === joint ? kid.kids : [kid])) };
  }

  private not(): Filter {
    if (this.take('not')) {
      const kid = this.not();
      if (isGroup(kid) && kid.joint === 'or') return { joint: 'none', kids: kid.kids };
      return { joint: 'none', kids: [kid] };
    }
    if (!this.take('(')) return this.clause();
    if (++this.depth > deepest) throw new NotShown();
    const inside = this.or();
    this.depth--;
    this.expect(')');
    return within(inside) ?? inside;
  }

  private next(): string {
    const word = this.list[this.at++];
    if (word === undefined) throw new NotShown();
    return word;
  }

  private take(word: string): boolean {
    if (this.list[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private expect(word: string) {
    if (!this.take(word)) throw new NotShown();
  }

  private clause(): Clause {
    const field = this.next();
    if (!/^[a-z]/i.test(field) || keywords.has(field)) throw new NotShown();
    const op = this.operator();
    if (op === 'is_null' || op === 'is_not_null') return { field, op, value: null };
    if (op === 'in' || op === 'not_in') return { field, op, value: this.group() };
    if (op !== 'between' && op !== 'not_between') return { field, op, value: this.literal() };
    const from = this.literal();
    this.expect('and');
    return { field, op, value: [from, this.literal()] };
  }

  private operator(): Operator {
    const word = this.next();
    if (word === 'is') {
      const not = this.take('not');
      this.expect('null');
      return not ? 'is_not_null' : 'is_null';
    }
    const op = word === 'not' ? `not_${this.next()}` : word;
    if (!operators.has(op)) throw new NotShown();
    return op as Operator;
  }

  private group(): Literal[] {
    this.expect('(');
    if (this.take(')')) return [];
    const values = [this.literal()];
    while (this.take(',')) values.push(this.literal());
    this.expect(')');
    return values;
  }

  private literal(): Literal {
    const word = this.next();
    if (/^["']/.test(word)) return quoted(word);
    if (/^-?\d/.test(word)) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[a-z]/i.test(word)) throw new NotShown();
    if (!this.take('(')) {
      if (!bare.has(word)) throw new NotShown();
      return { fn: word, args: [] };
    }
    const args: number[] = [];
    if (!this.take(')')) {
      do args.push(Number(this.next()));
      while (this.take(','));
      this.expect(')');
    }
    if (args.some(Number.isNaN)) throw new NotShown();
    return { fn: word, args };
  }
}

const operators = new Set<string>([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'not_starts_with',
  'under',
  'not_under',
  'between',
  'not_between',
]);

/** A quoted text as the server reads it: \n and \t, else the sign after the backslash. */
function quoted(word: string): string {
  return word.slice(1, -1).replace(/\\(.)/gs, (_, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);
}

/** What clauseText writes for "within", read back. */
function within(filter: Filter): Clause | undefined {
  if (!isGroup(filter) || filter.joint !== 'and' || filter.kids.length !== 2) return undefined;
  const [from, to] = filter.kids as [Filter, Filter];
  if (isGroup(from) || isGroup(to) || from.field !== to.field || from.op !== '>=' || to.op !== '<')
    return undefined;
  if (!isCall(from.value) || !isCall(to.value)) return undefined;
  return { field: from.field, op: 'within', value: [from.value, to.value] };
}
