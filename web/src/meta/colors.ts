// Dots for states whose metadata names no colour: what is won is green, what is
// lost is red, what has not begun is grey, the steps between differ.
import type { Entity, Meta, Option } from '@/api/types';

const known: Record<string, string> = Object.fromEntries([
  ...['won', 'active', 'done', 'paid', 'accepted', 'approved', 'closed', 'enabled'].map((code) => [
    code,
    'green',
  ]),
  ...['lost', 'failed', 'rejected', 'cancelled', 'overdue', 'void'].map((code) => [code, 'red']),
  ...['lead', 'new', 'draft', 'open', 'planned', 'disabled'].map((code) => [code, 'gray']),
]);

const between = ['blue', 'orange', 'purple', 'teal', 'yellow', 'pink'];

function withDots(options: Option[]): Option[] {
  if (options.some((option) => option.color)) return options;
  let step = 0;
  return options.map((option) => ({
    ...option,
    color: known[option.code] ?? between[step++ % between.length],
  }));
}

function coloured(entity: Entity): Entity {
  const state = entity.layout.kanban;
  if (!state) return entity;
  const fields = entity.fields.map((field) => {
    const options = field.key === state ? field.settings?.options : undefined;
    return options ? { ...field, settings: { ...field.settings, options: withDots(options) } } : field;
  });
  return { ...entity, fields };
}

/** The same metadata with a colour for every state of every entity. */
export function withStateColors(meta: Meta): Meta {
  const entities = Object.fromEntries(
    Object.entries(meta.entities).map(([name, entity]) => [name, coloured(entity)]),
  );
  return { ...meta, entities };
}
