// Two people at one record: what of one's own change meets that of another.
import { Problem } from '@/api/client';
import type { Field, Row } from '@/api/types';
import { equal } from '@/lib/equal';
import { writeValue } from '../fields';
import type { Values } from './validate';

/** The record as it is stored now, when a write came too late for its version. */
export function currentOf(error: unknown): Row | undefined {
  if (!(error instanceof Problem) || ![409, 412].includes(error.status)) return undefined;
  return error.body.current;
}

/**
 * The fields that both sides changed, differently. base is what one's own change
 * started from; a field that only one side touched is nobody's loss.
 */
export function clashing(fields: Field[], base: Values, mine: Values, current: Values): Field[] {
  return fields.filter((field) => {
    if (!(field.key in mine)) return false;
    const now = writeValue(field, current[field.key]);
    return !equal(writeValue(field, base[field.key]), now) && !equal(mine[field.key], now);
  });
}
