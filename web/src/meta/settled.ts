// A paper that is agreed on, money that is booked: in such a state nobody changes
// or deletes a record, but for what stays open (a remark, a file).
import type { Entity, Field, Row } from '@/api/types';

/** Whether a record is settled. */
export function isSettled({ locked }: Entity, row: Row): boolean {
  return Boolean(locked?.in.includes(String(row[locked.field] ?? '')));
}

/** Whether a field or a group of lines of a record can be changed in the state that it is in. */
export function isOpen(entity: Entity, row: Row, key: string): boolean {
  return (
    !isSettled(entity, row) || key === 'owner' || key === 'dept' || entity.locked?.open.includes(key) === true
  );
}

/** The entity as one record of it can be edited: what is settled is only read. */
export function openIn(entity: Entity, row: Row): Entity {
  if (!isSettled(entity, row)) return entity;
  const shut = (field: Field) => (isOpen(entity, row, field.key) ? field : { ...field, read_only: true });
  return {
    ...entity,
    fields: entity.fields.map(shut),
    lines: entity.lines.filter(({ key }) => isOpen(entity, row, key)),
  };
}
