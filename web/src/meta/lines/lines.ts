// Detail lines (明细) as one value of a form: a list of rows that is saved with its
// record. No screen here.
import type { Entity, Field } from '@/api/types';
import { equal } from '@/lib/equal';
import { canEdit, isEmpty, maskOf, writeValue } from '../fields';
import type { FieldType, OwnField } from '../fields/types';
import { fault, type Values } from '../form/validate';
import { isLed, leadsOf } from '../leads';

/** A group of lines, made to look like a field so that drafts, saves and conflicts need not know. */
export interface LinesField extends OwnField {
  columns: Field[];
  /** The columns that are not shown until somebody asks for all. */
  aside: string[];
}

/** One line of a form. A new one has no id until it is saved, only a key. */
export type Line = Values & {
  id?: string;
  $key?: string;
  /** What the server filled in: as long as nobody changes it, it is the server's to fill in anew. */
  $filled?: Values;
};

/** What was pasted and could not be read yet: it stays to be seen and keeps the form from being saved. */
export interface Raw {
  raw: string;
}

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && 'raw' in value;
}

export function isLines(field: Field): field is LinesField {
  return field.type === 'lines';
}

/** The form of the list among field types. */
const lines: FieldType = {
  text: (value: unknown, { t }) => t('lines.count', { count: linesOf(value).length }),
  width: 140,
  isWide: true,
  filter: 'none',
  write: (value: unknown, field) => writeLines(value, field as LinesField),
};

/** The groups of lines of an entity that the caller may see. */
export function lineFieldsOf(entity: Entity, entities: Record<string, Entity>): LinesField[] {
  return (entity.lines ?? []).flatMap(({ key, entity: name, label, visible_when }) => {
    const of = entities[name];
    return of ? [{ ...linesField(key, label, of), visible_when }] : [];
  });
}

function linesField(key: string, label: Field['label'], of: Entity): LinesField {
  const order = (of.layout.groups ?? []).flatMap((group) => group.fields);
  const place = (field: Field) => (order.indexOf(field.key) + order.length + 1) % (order.length + 1);
  const columns = of.fields
    .filter((field) => !field.system && field.key !== 'parent' && field.key !== 'position')
    .sort((a, b) => place(a) - place(b));
  return {
    key,
    label,
    type: 'lines',
    own: lines,
    columns,
    aside: columns.flatMap((column) => (isAside(column, of) ? [column.key] : [])),
    help: {},
    placeholder: {},
    required: false,
    // What rules alone write stands in no form.
    read_only: columns.length > 0 && columns.every((column) => column.read_only),
    unique: false,
    custom: false,
    system: false,
    access: 'write',
    filter_ops: [],
    sortable: false,
    groupable: false,
    measures: [],
    default: null,
    settings: { many: true, target: of.name },
  };
}

/** The group as that of one record: a column that chooses among other lines of the record, by {parent}, knows it. */
export function within(field: LinesField, of: string | undefined): LinesField {
  const isNear = (column: Field) => Boolean(of && column.settings.only?.includes('{parent}'));
  if (!field.columns.some(isNear)) return field;
  const near = (column: Field): Field => {
    const only = column.settings.only?.replaceAll('{parent}', JSON.stringify(of));
    return isNear(column) ? { ...column, settings: { ...column.settings, only } } : column;
  };
  return { ...field, columns: field.columns.map(near) };
}

/** The list of the layout names the columns that matter; those that administrators made are among them. */
function isAside(column: Field, of: Entity): boolean {
  const list = of.layout.list ?? [];
  return !column.custom && !column.required && list.length > 0 && !list.includes(column.key);
}

/** How many lines have nothing in a column that another one fills, what fills it being chosen. */
export function lacking(field: LinesField, lines: Map<string, Values>, key: string): number {
  const leads = field.columns.filter((column) => leadsOf(column).includes(key));
  const lacks = (line: Values) => isEmpty(line[key]) && leads.some((column) => !isEmpty(line[column.key]));
  return [...lines.values()].filter(lacks).length;
}

export function linesOf(value: unknown): Line[] {
  return Array.isArray(value) ? (value as Line[]) : [];
}

export function keyOf(line: Line): string {
  return line.id ?? line.$key ?? '';
}

let made = 0;

/** A key that no other line of the form has, also beside those of a draft. */
export function newKey(): string {
  made += 1;
  return `${Date.now().toString(36)}-${made}`;
}

/** Whether a new line still holds nothing but what it began with. */
export function isBlank(line: Line, columns: Field[]): boolean {
  if (line.id) return false;
  return columns.every((column) => {
    const value = line[column.key];
    return isEmpty(value) || value === false || (column.default !== null && String(value) === column.default);
  });
}

/** The lines that a save sends: a new one that was never filled in is not among them. */
export function sentLines(field: LinesField, value: unknown): Line[] {
  return linesOf(value).filter((line) => !isBlank(line, field.columns));
}

/** The list as the API takes it. */
export function writeLines(value: unknown, field: LinesField): Values[] {
  const columns = field.columns.filter(canEdit);
  return sentLines(field, value).map((line) => {
    const out: Values = line.id ? { id: line.id } : {};
    for (const column of columns) {
      const held = line[column.key];
      if (maskOf(held) !== null) continue;
      const isTheirs = !isEmpty(held) && equal(held, line.$filled?.[column.key]);
      if (isTheirs) out[column.key] = null;
      else out[column.key] = isRaw(held) ? held.raw : writeValue(column, held);
    }
    return out;
  });
}

/** The place of a cell among errors. */
export const cellAt = (line: Line, column: string) => `${keyOf(line)}.${column}`;

/** What can be said about lines before they are sent: the key of a text by cell. */
export function lineFaults(field: LinesField, value: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of sentLines(field, value)) {
    for (const column of field.columns) {
      if (!canEdit(column)) continue;
      const held = line[column.key];
      const isAsked = column.required && !isLed(field.columns, column.key, line);
      const key = isRaw(held) ? 'lines.unknown' : fault(column, held, isAsked);
      if (key) found[cellAt(line, column.key)] = key;
    }
  }
  return found;
}

/** The errors that still hold after a change: not those of cells that are others now. */
export function remaining(
  errors: Record<string, string>,
  before: unknown,
  after: unknown,
): Record<string, string> {
  const old = new Map(linesOf(before).map((line) => [keyOf(line), line]));
  const now = new Map(linesOf(after).map((line) => [keyOf(line), line]));
  return Object.fromEntries(
    Object.entries(errors).filter(([at]) => {
      const cut = at.lastIndexOf('.');
      const [key, column] = [at.slice(0, cut), at.slice(cut + 1)];
      const line = now.get(key);
      return line && equal(line[column] ?? null, old.get(key)?.[column] ?? null);
    }),
  );
}

/** The errors of cells by the key of their line. */
export function errorsByLine(errors: Record<string, string>): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  for (const [place, message] of Object.entries(errors)) {
    const key = place.slice(0, place.lastIndexOf('.'));
    found.set(key, { ...found.get(key), [place]: message });
  }
  return found;
}

/** Reads the field of an error of the server: addresses[2].phone. */
export function linePath(at: string): { group: string; index: number; column: string } | null {
  const match = /^([a-z0-9_]+)\[(\d+)\](?:\.([a-z0-9_]+))?$/.exec(at);
  return match ? { group: match[1] ?? '', index: Number(match[2]), column: match[3] ?? '' } : null;
}

export function inserted(lines: Line[], at: number, line: Line): Line[] {
  return [...lines.slice(0, at), line, ...lines.slice(at)];
}

/** A line moved to another place, counted before it was taken out. */
export function moved(lines: Line[], from: number, to: number): Line[] {
  const line = lines[from];
  if (!line || from === to) return lines;
  const rest = lines.filter((_, i) => i !== from);
  return inserted(rest, Math.max(0, Math.min(to, rest.length)), line);
}

/** The copy of a line, as a new one. */
export function copied(line: Line, columns: Field[]): Line {
  const copy: Line = { $key: newKey() };
  for (const column of columns) if (canEdit(column)) copy[column.key] = line[column.key];
  return copy;
}

const summed = new Set(['number', 'decimal', 'money']);

/** Whether figures of a column add up to something. */
export function isSummed(column: Field): boolean {
  if (column.settings.apart) return false;
  return summed.has(column.type) || (column.type === 'formula' && summed.has(column.settings.result ?? ''));
}

const scale = 6;

/** The sum of plain decimals, exact, with the digits of the one that has most; what is no number does not count. */
export function sumOf(values: unknown[]): string {
  let sum = 0n;
  let least = 0;
  for (const value of values) {
    const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(String(value ?? ''));
    if (!match) continue;
    const units = BigInt(`${match[2]}${(match[3] ?? '').padEnd(scale, '0')}`);
    least = Math.max(least, match[3]?.length ?? 0);
    sum += match[1] ? -units : units;
  }
  const sign = sum < 0n ? '-' : '';
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).slice(0, least);
  return `${sign}${digits.slice(0, -scale)}${fraction ? `.${fraction}` : ''}`;
}
