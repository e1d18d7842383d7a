// How the fields of an entity are grouped on its record page and in its form.
import type { Entity, Field, Texts } from '@/api/types';
import { fieldsOf } from './context';
import { canEdit } from './fields';

export interface FieldGroup {
  key: string;
  label?: Texts | null;
  /** The tab that it stands in; absent: above the tabs. */
  tab?: string;
  fields: Field[];
}

/** The layout's groups, then what no group names: fields made later are never lost. */
export function groupsOf(entity: Entity): FieldGroup[] {
  const known = fieldsOf(entity);
  const named = (entity.layout.groups ?? []).map(({ key, label, tab, fields }) => ({
    key,
    label,
    tab,
    fields: fields.flatMap((name) => known.get(name) ?? []),
  }));
  const seen = new Set(named.flatMap((group) => group.fields.map((field) => field.key)));
  const rest = entity.fields.filter((field) => !field.system && !seen.has(field.key));
  const groups = rest.length > 0 ? [...named, { key: 'rest', fields: rest }] : named;
  return groups.filter((group) => group.fields.length > 0);
}

/** The same groups with only what may be edited. */
export function formGroupsOf(entity: Entity): FieldGroup[] {
  return groupsOf(entity)
    .map((group) => ({ ...group, fields: group.fields.filter(canEdit) }))
    .filter((group) => group.fields.length > 0);
}

/** Who made the record and when: the foot of the facts. */
export function systemFieldsOf(entity: Entity): Field[] {
  const shown = new Set((entity.layout.groups ?? []).flatMap((group) => group.fields));
  return entity.fields.filter(
    (field) => field.system && !shown.has(field.key) && !['id', 'version'].includes(field.key),
  );
}
