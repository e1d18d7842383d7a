import type { Field } from '@/api/types';
import type { TextContext } from '../context';
import { any_ref } from './any_ref';
import { auto_number } from './auto_number';
import { choice } from './choice';
import { condition } from './condition';
import { date } from './date';
import { decimal } from './decimal';
import { department } from './department';
import { email } from './email';
import { file } from './file';
import { formula } from './formula';
import { instant } from './instant';
import { long_text } from './long_text';
import { member } from './member';
import { money } from './money';
import { number } from './number';
import { percent } from './percent';
import { phone } from './phone';
import { reference } from './reference';
import { region } from './region';
import { rich_text } from './rich_text';
import { rollup } from './rollup';
import { switchType } from './switch';
import { text } from './text';
import { time } from './time';
import { tree_choice } from './tree_choice';
import type { FieldType, Mark, OwnField } from './types';
import { url } from './url';

export const fieldTypes: Record<string, FieldType> = {
  any_ref,
  auto_number,
  choice,
  date,
  decimal,
  department,
  email,
  file,
  formula,
  instant,
  long_text,
  member,
  money,
  number,
  percent,
  phone,
  reference,
  region,
  rich_text,
  rollup,
  switch: switchType,
  text,
  time,
  tree_choice,
  url,
};

/** A type that this page does not know yet is shown as text and left alone. */
const unknown: FieldType = {
  text: (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
  width: 140,
  filter: 'none',
};

export function typeOf(field: Field): FieldType {
  if (field.settings?.asks) return condition;
  return ('own' in field ? (field as OwnField).own : fieldTypes[field.type]) ?? unknown;
}

const figureResults = new Set(['', 'decimal', 'number', 'money', 'percent']);

/** Whether values of the field stand at the right, in figures of one width. */
export function isFigure(field: Field): boolean {
  if (field.type === 'formula') return figureResults.has(field.settings?.result ?? '');
  return typeOf(field).isFigure ?? false;
}

/** Whether a field is the rate of a currency that is the company's own (own): there is none to state. */
export function isIdleRate(field: Field, value: (key: string) => unknown, own: string | undefined): boolean {
  const of = field.settings?.rate_of;
  return Boolean(of) && value(of as string) === own;
}

export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** A value of which this viewer sees only the mask. */
export function maskOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('masked' in value)) return null;
  return String(value.masked);
}

/** Any value of any field as one line of text. */
export function valueText(value: unknown, context: TextContext): string {
  if (isEmpty(value)) return '';
  return maskOf(value) ?? typeOf(context.field).text(value as never, context);
}

/** A value as words with dots, of the types that have such; undefined of the others. */
export function marksOf(value: unknown, context: TextContext): Mark[] | undefined {
  const { marks } = typeOf(context.field);
  return marks && !isEmpty(value) && maskOf(value) === null ? marks(value, context) : undefined;
}

/** The edited value as the API takes it. */
export function writeValue(field: Field, value: unknown): unknown {
  if (isEmpty(value)) return field.settings?.many || field.type === 'file' ? [] : null;
  const { write } = typeOf(field);
  return write ? write(value as never, field) : value;
}

export function canEdit(field: Field): boolean {
  return (
    !field.read_only &&
    (field.access ?? 'write') === 'write' &&
    !['auto_number', 'formula', 'rollup'].includes(field.type) &&
    field.type in fieldTypes
  );
}
