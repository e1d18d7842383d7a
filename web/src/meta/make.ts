// Metadata for tests, with everything that the server always sends.
import type { Entity, Field, Option } from '@/api/types';

export function makeField(key: string, type: string, more: Partial<Field> = {}): Field {
  return {
    key,
    type,
    label: { 'zh-CN': key, en: key },
    access: 'write',
    custom: false,
    default: null,
    filter_ops: [],
    groupable: false,
    help: null,
    measures: [],
    placeholder: null,
    read_only: false,
    required: false,
    settings: {},
    sortable: true,
    system: false,
    unique: false,
    ...more,
  };
}

export function makeOption(code: string, name: string, more: Partial<Option> = {}): Option {
  return { code, label: { 'zh-CN': name, en: name }, active: true, parent: null, ...more };
}

export function makeEntity(
  fields: Field[],
  { layout, ...more }: Omit<Partial<Entity>, 'layout'> & { layout?: Partial<Entity['layout']> } = {},
): Entity {
  return {
    name: 'crm.customer',
    label: null,
    plural: null,
    icon: 'box',
    title: 'name',
    custom: false,
    owned: false,
    ops: [],
    lines: [],
    related: [],
    prints: [],
    actions: [],
    shares_views: false,
    fields,
    layout: {
      list: [],
      card: [],
      search: [],
      groups: [],
      tabs: [],
      views: [],
      sort: '-id',
      empty: null,
      ...layout,
    },
    ...more,
  };
}
