// What a report page works out from metadata and an answer; no screen.
import { Problem } from '@/api/client';
import type { Chart, Field, Report } from '@/api/types';
import { isEmpty, isFigure } from '../fields';

/** A figure's list: the records of an entity under a filter. */
export interface Place {
  entity: string;
  filter: string;
}

export type Line = Record<string, unknown>;

/** What a report comes to. */
export interface Answer {
  rows: Line[];
  totals: Line[];
  opens: Record<string, Place>[];
  more: boolean;
}

/** Rows of one currency with the last row that adds them up. */
export interface Section {
  currency: string | null;
  rows: { line: Line; opens: Record<string, Place> }[];
  total: Line | undefined;
}

/** The inputs as the address has them, as the API takes them. */
export function inputOf(report: Report, search: Record<string, string | undefined>): Line {
  const out: Line = {};
  for (const field of report.input) {
    const text = search[field.key];
    if (text === undefined) continue;
    if (field.type === 'switch') out[field.key] = text === 'true';
    else if (field.type === 'number') out[field.key] = Number(text);
    else out[field.key] = field.settings?.many ? text.split(',') : text;
  }
  return out;
}

/** What is asked where nobody says otherwise. */
export function defaultsOf(report: Report): Line {
  return Object.fromEntries(report.input.map((field) => [field.key, field.default ?? null]));
}

/** An edited value as the address has it; undefined leaves it out. */
export function addressOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '' || value === false) return undefined;
  if (Array.isArray(value)) return value.map(addressOf).join(',') || undefined;
  if (typeof value === 'object' && 'id' in value) return String(value.id ?? '') || undefined;
  return String(value);
}

/** Columns that are shown: those in which a row has something; the currency heads its section. */
export function shownColumns(report: Report, answer: Answer): Field[] {
  return report.columns.filter(
    (field) => field.key !== 'currency' && answer.rows.some((row) => row[field.key] != null),
  );
}

/** What must be said before anything can be asked. */
export function missingInput(report: Report, given: Line): Field | undefined {
  return report.input.find((field) => field.required && given[field.key] == null);
}

/** What the server found wrong with what was asked, by field. */
export function wrongInput(report: Report, error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  const known = new Set(report.input.map(({ key }) => key));
  const wrong = (error.body.errors ?? []).filter(({ field }) => field !== undefined && known.has(field));
  return Object.fromEntries(wrong.map(({ field, message }) => [field, message]));
}

/** The charts that say something of these rows: one has a figure, and what has no place in time a name of its own. */
export function chartsOf(report: Report, rows: Section['rows']): Chart[] {
  return report.charts.filter((chart) => {
    const names = rows.map(({ line }, n) => {
      const by = nameField(report.columns, chart.by, line);
      return by?.type === 'text' ? n : JSON.stringify(line[by?.key ?? '']);
    });
    const isSaid = chart.of.some((key) => rows.some(({ line }) => line[key] != null));
    return isSaid && new Set(names).size === names.length;
  });
}

/** So many digits stand behind the point of a figure. */
const digitsOf = (value: unknown) =>
  typeof value === 'string' ? (/^-?\d+\.(\d+)$/.exec(value)?.[1]?.length ?? 0) : 0;

/** Columns and lines of a section in which all figures of a column have as many digits behind the point. */
export function evened(columns: Field[], section: Section): [Field[], (line: Line) => Line] {
  const lines = [...section.rows.map(({ line }) => line), ...(section.total ? [section.total] : [])];
  const most = new Map(
    columns.map((field) => [field.key, Math.max(0, ...lines.map((line) => digitsOf(line[field.key])))]),
  );
  const padded = (key: string, value: unknown) => {
    const digits = most.get(key) ?? 0;
    if (digits === 0 || typeof value !== 'string' || !/^-?[\d.]+$/.test(value)) return value;
    const [whole = '', fraction = ''] = value.split('.');
    return `${whole}.${fraction.padEnd(digits, '0')}`;
  };
  return [
    columns.map((field) => {
      const digits = Math.max(field.settings?.digits ?? 0, most.get(field.key) ?? 0);
      return field.type === 'percent' || field.type === 'decimal'
        ? { ...field, settings: { ...field.settings, digits } }
        : field;
    }),
    (line) => Object.fromEntries(Object.entries(line).map(([key, value]) => [key, padded(key, value)])),
  ];
}

/** The rows by currency, in the order in which they come; one section where they have none. */
export function sectionsOf(report: Report, answer: Answer): Section[] {
  const hasCurrency = report.columns.some((field) => field.key === 'currency');
  const by = new Map<string | null, Section>();
  answer.rows.forEach((line, n) => {
    const currency = hasCurrency ? ((line.currency as string | null) ?? null) : null;
    let section = by.get(currency);
    if (!section) {
      const total = answer.totals.find((one) => !hasCurrency || one.currency === line.currency);
      section = { currency, rows: [], total };
      by.set(currency, section);
    }
    section.rows.push({ line, opens: answer.opens[n] ?? {} });
  });
  return [...by.values()].map((section) =>
    section.rows.length < 2 ? { ...section, total: undefined } : section,
  );
}

/** A figure as a number, for drawing only. */
export function drawn(value: unknown): number {
  const number = typeof value === 'number' ? value : Number.parseFloat(String(value ?? ''));
  return Number.isFinite(number) ? number : 0;
}

/** The rows of the greatest figures, the greatest first. */
export function largest(rows: Section['rows'], of: string[], most: number): Section['rows'] {
  const sum = ({ line }: Section['rows'][number]) =>
    of.reduce((whole, key) => whole + Math.max(drawn(line[key]), 0), 0);
  return rows.toSorted((a, b) => sum(b) - sum(a)).slice(0, most);
}

/** The field that names a row in a chart: the first that is filled in. */
export function nameField(columns: Field[], by: string[], line: Line): Field | undefined {
  const key = by.find((one) => line[one] != null);
  return columns.find((field) => field.key === key);
}

/** The month or quarter after one: 2026-09 after 2026-08, 2027-Q1 after 2026-Q4. */
function after(name: string): string | undefined {
  const [, year = '', quarter, n = ''] = /^(\d{4})-(Q?)(\d{1,2})$/.exec(name) ?? [];
  if (year === '') return undefined;
  const next = Number(n) + 1;
  if (next > (quarter ? 4 : 12)) return `${Number(year) + 1}-${quarter ? 'Q1' : '01'}`;
  return `${year}-${quarter}${quarter ? next : String(next).padStart(2, '0')}`;
}

/** How many months a chart fills in at most. */
const mostGaps = 60;

/** The rows with the months or quarters between them in which nothing was: time does not skip any. */
export function inTime(rows: Section['rows'], columns: Field[], by: string[]): Section['rows'] {
  const out: Section['rows'] = [];
  for (const row of rows) {
    const key = nameField(columns, by, row.line)?.key;
    const last = out.at(-1);
    if (key && last) {
      const name = String(row.line[key]);
      const gap: Section['rows'] = [];
      for (let at = after(String(last.line[key])); at && at < name && gap.length < mostGaps; at = after(at))
        gap.push({ line: { [key]: at }, opens: {} });
      out.push(...gap);
    }
    out.push(row);
  }
  return out;
}

/** The one sum of a table, where it stands beyond the edge of a phone. */
export function farOf(fields: Field[], total: Line): Field | undefined {
  const [sum, ...others] = fields.filter((field) => isFigure(field) && !isEmpty(total[field.key]));
  return sum && others.length === 0 && fields.indexOf(sum) > 2 ? sum : undefined;
}
