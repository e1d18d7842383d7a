// What lies in a pool is shown to those who may claim it, masked: they see it
// through a window and change nothing in it.
import type { Entity, Row } from '@/api/types';
import { maskOf } from './fields';

/** Whether a record is seen through the window of a pool: without an owner, and masked beyond the viewer's own field rights. */
export function isSealed(entity: Entity, row: Row): boolean {
  if (!entity.owned || row.owner !== null) return false;
  return entity.fields.some(
    (field) =>
      field.access !== 'masked' &&
      [row[field.key]].flat().some((value) => value != null && maskOf(value) !== null),
  );
}
