import { useMemo } from 'react';
import type { Entity, Field } from '@/api/types';
import { useLabel, useMe, useMeta } from '../context';
import { canEdit } from '../fields';

/** A field that a column of a file can go to. */
export interface Target {
  /** Its key; behind that of its group for a field of detail lines: items.price. */
  path: string;
  field: Field;
  /** The entity that it is a field of. */
  of: Entity;
  name: string;
}

const kept = ['external_id', 'source_created_at', 'source_updated_at'];

/** Whether a file can fill a field; how far a record had come is the administrators' to tell. */
export function isFillable(field: Field, isAdmin: boolean): boolean {
  if (canEdit(field) || kept.includes(field.key)) return true;
  if (field.type === 'auto_number') return !field.read_only;
  return isAdmin && field.imported === true;
}

/** What a file can fill, by path: the fields of the record, then those of its detail lines. */
export function useTargets(entity: Entity): Map<string, Target> {
  const { entities } = useMeta();
  const { admin } = useMe();
  const label = useLabel();
  return useMemo(() => {
    const own = entity.fields.map((field) => ({
      path: field.key,
      field,
      of: entity,
      name: label(field.label),
    }));
    const lines = (entity.lines ?? []).flatMap((group) => {
      const of = entities[group.entity];
      const fields = of?.fields.filter((field) => field.key !== 'parent' && field.key !== 'position') ?? [];
      return fields.map((field) => ({
        path: `${group.key}.${field.key}`,
        field,
        of: of as Entity,
        name: `${label(group.label)} · ${label(field.label)}`,
      }));
    });
    return new Map(
      [...own, ...lines].filter((one) => isFillable(one.field, admin)).map((one) => [one.path, one]),
    );
  }, [entity, entities, admin, label]);
}

/** Fixed texts that a mapping gives every row, as the server writes them: in quotes where a column's name would be. */
export function fixedOf(map: Record<string, string>): { text: string; path: string }[] {
  return Object.entries(map).flatMap(([from, path]) => {
    const text = from.match(/^"(.*)"$/s)?.[1];
    return text === undefined ? [] : [{ text, path }];
  });
}

/** A mapping with a fixed text for a field; "" takes it out. */
export function withFixed(map: Record<string, string>, path: string, text: string): Record<string, string> {
  const rest = Object.fromEntries(
    Object.entries(map).filter(([from, to]) => to !== path || !/^".*"$/s.test(from)),
  );
  return text ? { ...rest, [`"${text}"`]: path } : rest;
}
