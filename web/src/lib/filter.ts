// The text form of filters that the API takes and the URL holds, built from and
// read back into clauses that chips can show. Text that is more than clauses
// joined by "and" is left as it is and shown as one expression.

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
  | 'under'
  | 'between'
  | 'is_null'
  | 'is_not_null';

export interface Clause {
  field: string;
  op: Operator;
  /** One value, the list of in, or the two ends of between; null for is_null. */
  value: Literal | Literal[];
}

const words: Partial<Record<Operator, string>> = {
  not_in: 'not in',
  not_contains: 'not contains',
  is_null: 'is null',
  is_not_null: 'is not null',
};

export function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'fn' in value;
}

/** Names that stand alone, without brackets. */
const bare = new Set(['me', 'my_department']);

function literalText(value: Literal): string {
  if (isCall(value)) return bare.has(value.fn) ? value.fn : `${value.fn}(${value.args.join(', ')})`;
  if (typeof value === 'string') return JSON.stringify(value);
  return String(value);
}

export function clauseText({ field, op, value }: Clause): string {
  const word = words[op] ?? op;
  if (op === 'is_null' || op === 'is_not_null') return `${field} ${word}`;
  const values = Array.isArray(value) ? value : [value];
  if (op === 'in' || op === 'not_in') return `${field} ${word} (${values.map(literalText).join(', ')})`;
  if (op === 'between')
    return `${field} between ${literalText(values[0] ?? null)} and ${literalText(values[1] ?? null)}`;
  return `${field} ${word} ${literalText(values[0] ?? null)}`;
}

export function filterText(clauses: Clause[]): string {
  return clauses.map(clauseText).join(' and ');
}

/** Two filters that must both hold; either may be empty. */
export function both(a: string | undefined, b: string | undefined): string | undefined {
  if (a && b) return `(${a}) and (${b})`;
  return a || b || undefined;
}

const token = /\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[a-z_][a-z0-9_.]*|==|!=|<=|>=|[<>(),])/iy;

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

/** Reads clauses joined by "and"; null when the text is anything more. */
export function parseFilter(text: string): Clause[] | null {
  if (text.trim() === '') return [];
  const list = tokens(text);
  if (!list) return null;
  const reader = new Reader(list);
  try {
    return reader.clauses();
  } catch (error) {
    if (error instanceof NotClauses) return null;
    throw error;
  }
}

class NotClauses extends Error {}

class Reader {
  private at = 0;
  constructor(private readonly list: string[]) {}

  clauses(): Clause[] {
    const found = [this.clause()];
    while (this.at < this.list.length) {
      this.expect('and');
      found.push(this.clause());
    }
    return found;
  }

  private next(): string {
    const word = this.list[this.at++];
    if (word === undefined) throw new NotClauses();
    return word;
  }

  private take(word: string): boolean {
    if (this.list[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private expect(word: string) {
    if (!this.take(word)) throw new NotClauses();
  }

  private clause(): Clause {
    const field = this.next();
    if (!/^[a-z]/i.test(field) || field === 'not') throw new NotClauses();
    const op = this.operator();
    if (op === 'is_null' || op === 'is_not_null') return { field, op, value: null };
    if (op === 'in' || op === 'not_in') return { field, op, value: this.group() };
    if (op !== 'between') return { field, op, value: this.literal() };
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
    if (word === 'not') {
      const rest = this.next();
      if (rest === 'in') return 'not_in';
      if (rest === 'contains') return 'not_contains';
      throw new NotClauses();
    }
    if (
      ['==', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'starts_with', 'under', 'between'].includes(word)
    ) {
      return word as Operator;
    }
    throw new NotClauses();
  }

  private group(): Literal[] {
    this.expect('(');
    const values = [this.literal()];
    while (this.take(',')) values.push(this.literal());
    this.expect(')');
    return values;
  }

  private literal(): Literal {
    const word = this.next();
    if (word.startsWith('"')) {
      try {
        return JSON.parse(word) as string;
      } catch {
        throw new NotClauses();
      }
    }
    if (/^-?\d/.test(word)) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[a-z]/i.test(word)) throw new NotClauses();
    if (!this.take('(')) {
      if (!bare.has(word)) throw new NotClauses();
      return { fn: word, args: [] };
    }
    const args: number[] = [];
    if (!this.take(')')) {
      do args.push(Number(this.next()));
      while (this.take(','));
      this.expect(')');
    }
    if (args.some(Number.isNaN)) throw new NotClauses();
    return { fn: word, args };
  }
}
