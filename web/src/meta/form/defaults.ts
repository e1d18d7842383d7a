// What a new record starts with. The server fills in the same; the form shows it
// before, so that nothing is saved that nobody saw.
import type { Entity, Field, Ref, Row } from '@/api/types';
import type { Values } from './validate';

const wholes = new Set(['number']);

/** A field's default (its text form) as a value of the form; undefined when only the server can tell it. */
function defaultOf(
  field: Field,
  me: Ref,
  now: Date,
  zone: string | undefined,
  currency: string | undefined,
  of: Row | undefined,
): unknown {
  const { type, default: text } = field;
  if (!text) return type === 'switch' ? false : undefined;
  const key = /^\{(\w+)\}$/.exec(text)?.[1];
  if (key) return of?.[key] ?? undefined;
  if (text === 'me') return field.settings.many ? [me] : me;
  if (text === 'currency()') return currency;
  if (text === 'now()') return now.toISOString();
  if (text === 'today()')
    return new Intl.DateTimeFormat('sv-SE', { timeZone: zone || undefined }).format(now);
  if (/^[a-z_]+\(.*\)$/.test(text)) return undefined;
  if (type === 'switch') return text === 'true';
  if (wholes.has(type)) return Number(text);
  return field.settings.many ? text.split(',') : text;
}

/**
 * formats tells the company's currency and where today is looked up, an IANA name;
 * the browser's when it is empty. of is the record that an action is taken on.
 */
export function defaultsOf(
  entity: Pick<Entity, 'fields' | 'owned'>,
  me: Ref,
  formats: { zone?: string; currency?: string } = {},
  now = new Date(),
  of?: Row,
): Values {
  const start: Values = {};
  for (const field of entity.fields) {
    const value = defaultOf(field, me, now, formats.zone, formats.currency, of);
    if (value !== undefined) start[field.key] = value;
    else if (entity.owned && field.key === 'owner' && field.type === 'member') start.owner = me;
  }
  return start;
}
