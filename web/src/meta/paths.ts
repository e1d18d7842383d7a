// Where things live in the page. An entity "module.thing" is /module/thing.

function base(entity: string): string {
  return `/${entity.replace('.', '/')}`;
}

export const paths = {
  list: base,
  create: (entity: string) => `${base(entity)}/new`,
  bin: (entity: string) => `${base(entity)}/bin`,
  import: (entity: string) => `${base(entity)}/import`,
  record: (entity: string, id: string) => `${base(entity)}/${id}`,
  report: (entity: string, name: string) => `/reports${base(entity)}/${name}`,
  edit: (entity: string, id: string) => `${base(entity)}/${id}/edit`,
};
