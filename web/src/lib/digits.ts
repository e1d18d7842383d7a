// What people type into number and date fields, made plain: full-width forms from
// a Chinese keyboard become half-width, grouping marks and blanks go.

const wide = /[０-９．，－＋：／％　]/g;
const special: Record<string, string> = { '　': ' ', '。': '.', '、': ',' };

/** Full-width digits and signs to their half-width twins; other text is left alone. */
export function halfWidth(text: string): string {
  return text.replace(wide, (c) => special[c] ?? String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/**
 * A typed number as the plain decimal text that the API takes ("1200.5"), or
 * null when it is none. Takes grouping commas, blanks and a currency sign.
 */
export function parseDecimal(typed: string): string | null {
  const text = halfWidth(typed)
    .replace(/^\s*([+-]?)\s*(?:CNY|RMB|[¥￥$€£])\s*/i, '$1')
    .replace(/\s*元整?$/, '')
    .replace(/[\s,_]/g, '');
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (match[2] === '' && !/0/.test(text) && !match[3])) return null;
  const sign = match[1] === '-' ? '-' : '';
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const whole = match[2] || '0';
  const zero = whole === '0' && fraction === '';
  return `${zero ? '' : sign}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** A typed whole number as a number, or null when it is none or too large to be exact. */
export function parseInteger(typed: string): number | null {
  const text = parseDecimal(typed);
  if (text === null || text.includes('.')) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * A typed or pasted date as YYYY-MM-DD, or null. Takes 2024-1-5, 2024/1/5,
 * 2024.1.5, 2024年1月5日 and 20240105; a day that does not exist is refused.
 */
export function parseDate(typed: string): string | null {
  const text = halfWidth(typed).trim();
  const match =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}
