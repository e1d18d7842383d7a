// What is typed or pasted into a cell, read as a value of its field: the same
// readings as the fields' own editors have.
import type { Field, Region } from '@/api/types';
import { halfWidth, parseDecimal, parseInteger } from '@/lib/digits';
import { readDate, readTime } from '@/lib/typedDates';
import type { Contexts } from '../context';
import { valueText } from '../fields';
import { optionOf } from '../fields/choice';
import { regionNames } from '../fields/region/way';
import { isRaw, type Line } from './lines';

/** Types whose cells are typed into where they stand. */
const typed = new Set([
  'text',
  'number',
  'decimal',
  'money',
  'percent',
  'phone',
  'email',
  'url',
  'date',
  'time',
]);

export function isTyped(column: Field): boolean {
  return typed.has(column.type) && !column.settings.many;
}

/** Types whose cells search for what is typed into them. */
const sought = new Set(['reference', 'member', 'department']);

export const isSought = (column: Field): boolean => sought.has(column.type);

/** A value as one would type it. */
export function typedText(value: unknown): string {
  if (isRaw(value)) return value.raw;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A cell's value as text to be read. */
export function cellText(column: Field, line: Line, contexts: Contexts): string {
  const value = line[column.key];
  return isRaw(value) ? value.raw : valueText(value, { ...contexts, field: column, row: line });
}

/** What was typed as a value of the column; what cannot be read stays as it was typed. */
export function readTyped(column: Field, text: string, today: string): unknown {
  const plain = text.trim().replace(/\s*\n\s*/g, ' '); // one line is all there is
  if (plain === '') return null;
  switch (column.type) {
    case 'number':
      return parseInteger(plain) ?? plain;
    case 'decimal':
    case 'money':
      return parseDecimal(plain) ?? plain;
    case 'percent':
      return parseDecimal(plain.replace(/[%％]\s*$/, '')) ?? plain;
    case 'date':
      return readDate(plain, today) ?? plain;
    case 'time':
      return readTime(plain) ?? plain;
    case 'phone':
      return halfWidth(plain);
    default:
      return plain;
  }
}

const yes = /^(true|1|y|yes|on|√|✓|✔|是|有|对)$/;
const no = /^(false|0|n|no|off|×|✗|否|无|错)$/;

const separators = /[,，;；、|/\n]/;

const folded = (text: string) => text.trim().toLowerCase();

function readOption(column: Field, text: string): string | undefined {
  const wanted = folded(text);
  const options = column.settings.options ?? [];
  return (
    options.find(
      (option) => option.active && Object.values(option.label ?? {}).some((l) => folded(l) === wanted),
    ) ?? optionOf(column, text.trim())
  )?.code;
}

/** The code of a region that was written out: 广东省深圳市南山区, with or without blanks. */
export function readRegion(regions: Region[], text: string): string | undefined {
  const wanted = text.replace(/[\s/>,，-]+/g, '');
  if (/^\d{2}(\d{2}){0,2}$/.test(wanted)) return wanted;
  const names = [...regionNames(regions)].map(([code, name]) => [code, name.replaceAll(' ', '')] as const);
  return (
    names.find(([, name]) => name === wanted)?.[0] ??
    only(names.filter(([, name]) => name.endsWith(wanted)).map(([code]) => code))
  );
}

function only<T>(list: T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

export interface Known {
  today: string;
  regions: Region[] | undefined;
}

/** The entity whose records a column points to. */
export function targetOf(column: Field): string | undefined {
  const own = { member: 'org.member', department: 'org.department' }[column.type];
  return own ?? (column.type === 'reference' ? column.settings.target : undefined);
}

/** What was pasted into a cell as its value; {raw} where it names something that is not known here. */
export function readPasted(column: Field, text: string, known: Known): unknown {
  const plain = text.trim();
  if (plain === '') return column.settings.many ? [] : null;
  if (isTyped(column)) return readTyped(column, text, known.today);
  switch (column.type) {
    case 'switch':
      if (yes.test(folded(plain))) return true;
      return no.test(folded(plain)) ? false : { raw: plain };
    case 'choice':
    case 'tree_choice': {
      if (!column.settings.many) return readOption(column, plain) ?? { raw: plain };
      const codes = plain.split(separators).map((part) => readOption(column, part));
      return codes.every((code) => code !== undefined) ? codes : { raw: plain };
    }
    case 'region':
      return readRegion(known.regions ?? [], plain) ?? { raw: plain };
    case 'long_text':
      return text;
    case 'phone':
      return plain.split(separators).map((part) => halfWidth(part.trim()));
    case 'text':
    case 'url':
    case 'email':
      return column.settings.many ? plain.split(separators).map((part) => part.trim()) : plain;
    default:
      return { raw: plain };
  }
}
