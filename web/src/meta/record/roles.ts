// What some fields of an entity are for, read from its metadata.
import type { Entity, Field, FileRef, Row } from '@/api/types';
import { canEdit } from '../fields';

/** The field that says how a record stands: the one its board is made of. */
export function statusField(entity: Entity): Field | undefined {
  const key = entity.layout.kanban || 'status';
  return entity.fields.find((field) => field.key === key && field.type === 'choice' && !field.settings?.many);
}

/** The field that says how far a record is where that is no choice of codes: the stage of a deal. */
export function stageField(entity: Entity): Field | undefined {
  return entity.fields.find((field) => field.key === entity.layout.kanban && field.type === 'reference');
}

/** What a record is worth: the first amount on its card. */
export function worthField(entity: Entity): Field | undefined {
  const known = new Map(entity.fields.map((field) => [field.key, field]));
  return (entity.layout.card ?? [])
    .flatMap((key) => known.get(key) ?? [])
    .find(({ type }) => type === 'money');
}

/** The member whose record it is. */
export function ownerField(entity: Entity): Field | undefined {
  return entity.owned
    ? entity.fields.find((field) => field.key === 'owner' && field.type === 'member')
    : undefined;
}

/** The first number that can be called, the first address that can be written to. */
export function reachOf(entity: Entity, row: Row): { phone?: string; email?: string } {
  const first = (type: string) => {
    for (const field of entity.fields.filter((one) => one.type === type)) {
      const value = row[field.key];
      const text = Array.isArray(value) ? value[0] : value;
      if (typeof text === 'string' && text !== '') return text;
    }
    return undefined;
  };
  return { phone: first('phone'), email: first('email') };
}

export interface HeldFile {
  field: Field;
  file: FileRef;
}

export function fileFields(entity: Entity): Field[] {
  return entity.fields.filter((field) => field.type === 'file');
}

/** Every file that a record holds, by the field it stands in. */
export function filesOf(entity: Entity, row: Row): HeldFile[] {
  return fileFields(entity).flatMap((field) => {
    const value = row[field.key];
    return Array.isArray(value)
      ? (value as FileRef[]).filter((file) => file.id !== null).map((file) => ({ field, file }))
      : [];
  });
}

/** Where a dropped file goes: the first field that takes files. */
export function uploadField(entity: Entity): Field | undefined {
  return fileFields(entity).find(canEdit);
}

/** In the address: the form of a log stands open. */
export const logMark = 'log';

/** An entity whose records are about others, as follow-ups are, and the field that says about which. */
export interface Log {
  entity: Entity;
  about: Field;
}

/** What can be logged about an entity, what asks for words first. */
export function logsOf(entities: Record<string, Entity>, entity: Entity): Log[] {
  const asksWords = (log: Log) =>
    log.entity.fields.some((field) => field.type === 'long_text' && field.required);
  return Object.values(entities)
    .filter((one) => !one.personal)
    .flatMap((one) => {
      const about = one.fields.find(
        (field) => field.type === 'any_ref' && field.settings?.targets?.includes(entity.name),
      );
      return about ? [{ entity: one, about }] : [];
    })
    .sort((a, b) => Number(asksWords(b)) - Number(asksWords(a)));
}

/** The moment that a logged record tells of, where it has one of its own. */
export function momentField(log: Log): Field | undefined {
  return log.entity.fields.find((field) => field.type === 'instant' && !field.system);
}
