// The clipboard of spreadsheets: cells between tabs, rows between line ends, and
// quotes around a cell that holds either or quotes itself.

/** The cells of what was copied from a spreadsheet. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let i = 0;
  const body = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  for (;;) {
    const [cell, next] = body[i] === '"' ? quoted(body, i) : plain(body, i);
    row.push(cell);
    i = next + 1;
    if (body[next] === '\t') continue;
    rows.push(row);
    if (next >= body.length) return rows;
    row = [];
  }
}

function plain(text: string, from: number): [string, number] {
  let end = from;
  while (end < text.length && text[end] !== '\t' && text[end] !== '\n') end += 1;
  return [text.slice(from, end), end];
}

/** A quoted cell; one whose quote is never closed, or goes on behind it, was no quoted one. */
function quoted(text: string, from: number): [string, number] {
  let cell = '';
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] !== '"') cell += text[i];
    else if (text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else {
      const after = text[i + 1];
      return after === undefined || after === '\t' || after === '\n' ? [cell, i + 1] : plain(text, from);
    }
  }
  return plain(text, from);
}

/** Cells as a spreadsheet takes them. */
export function toTsv(rows: string[][]): string {
  const cell = (text: string) => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}
