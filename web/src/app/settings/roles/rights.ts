// A role's grants as a table of entities and operations. Grants add up: what
// module.* or * allows holds for every entity below, so that a narrower choice
// for one of them first spells the wide grant out for the others.

export interface Grant {
  entity: string;
  operation: string;
  scope: string;
  departments: string[];
  deny: boolean;
}

export interface FieldRight {
  entity: string;
  field: string;
  level: string;
}

export interface Rights {
  grants: Grant[];
  fields: FieldRight[];
}

/** What a cell can say: no right, a scope, or never. */
export interface Choice {
  scope: string;
  departments: string[];
}

export const forbidden = 'deny';
export const nothing: Choice = { scope: 'none', departments: [] };

/** From the least to the most; chosen departments stand beside a department's own. */
const width = ['none', 'own', 'subordinates', 'department', 'chosen', 'tree', 'all'];

export const moduleOf = (entity: string) => entity.slice(0, entity.indexOf('.'));

function wider(a: Choice, b: Choice): Choice {
  if (a.scope === 'chosen' && b.scope === 'chosen')
    return { scope: 'chosen', departments: [...new Set([...a.departments, ...b.departments])] };
  return width.indexOf(b.scope) > width.indexOf(a.scope) ? b : a;
}

function sum(grants: Grant[]): Choice {
  if (grants.some((grant) => grant.deny)) return { scope: forbidden, departments: [] };
  return grants.reduce<Choice>((all, grant) => wider(all, grant), nothing);
}

const on = (grants: Grant[], entity: string, operation: string) =>
  grants.filter((grant) => grant.entity === entity && grant.operation === operation);

const sameChoice = (a: Choice, b: Choice) =>
  a.scope === b.scope && [...a.departments].sort().join() === [...b.departments].sort().join();

/** What holds for the module as a whole, and for whatever it will have. */
export function moduleCell(grants: Grant[], module: string, operation: string): Choice {
  return sum([...on(grants, `${module}.*`, operation), ...on(grants, '*', operation)]);
}

/** What holds for an entity; own: it is said of it alone. */
export function cell(grants: Grant[], entity: string, operation: string): Choice & { own: boolean } {
  const exact = on(grants, entity, operation);
  const wide = [...on(grants, `${moduleOf(entity)}.*`, operation), ...on(grants, '*', operation)];
  const all = sum([...exact, ...wide]);
  return { ...all, own: exact.length > 0 };
}

const grantOf = (entity: string, operation: string, choice: Choice): Grant => ({
  entity,
  operation,
  scope: choice.scope === forbidden ? 'all' : choice.scope,
  departments: choice.scope === 'chosen' ? choice.departments : [],
  deny: choice.scope === forbidden,
});

/** The grants of * for an operation said of every module instead. */
function spellEverything(grants: Grant[], entities: string[], operation: string): Grant[] {
  const wide = on(grants, '*', operation);
  if (wide.length === 0) return grants;
  const modules = [...new Set(entities.map(moduleOf))];
  return [
    ...grants.filter((grant) => !wide.includes(grant)),
    ...modules.flatMap((module) => wide.map((grant) => ({ ...grant, entity: `${module}.*` }))),
  ];
}

/** The grants with one module saying something for an operation. */
export function setModule(
  grants: Grant[],
  entities: string[],
  module: string,
  operation: string,
  choice: Choice,
): Grant[] {
  const spelt = spellEverything(grants, entities, operation);
  const rest = spelt.filter(
    (grant) =>
      grant.operation !== operation || (grant.entity !== `${module}.*` && moduleOf(grant.entity) !== module),
  );
  return choice.scope === 'none' ? rest : [...rest, grantOf(`${module}.*`, operation, choice)];
}

/** The grants with one entity saying something for an operation. */
export function setCell(
  grants: Grant[],
  entities: string[],
  entity: string,
  operation: string,
  choice: Choice,
): Grant[] {
  let rest = grants.filter((grant) => grant.entity !== entity || grant.operation !== operation);
  const above = cell(rest, entity, operation);
  if (sameChoice(above, choice)) return rest;
  if (choice.scope !== forbidden && !sameChoice(wider(above, choice), choice)) {
    const module = moduleOf(entity);
    rest = spellEverything(rest, entities, operation);
    const wide = on(rest, `${module}.*`, operation);
    rest = rest.filter((grant) => !wide.includes(grant));
    for (const other of entities) {
      if (other === entity || moduleOf(other) !== module) continue;
      const had = sum([...on(rest, other, operation), ...wide]);
      rest = rest.filter((grant) => grant.entity !== other || grant.operation !== operation);
      if (had.scope !== 'none') rest.push(grantOf(other, operation, had));
    }
  }
  return choice.scope === 'none' ? rest : [...rest, grantOf(entity, operation, choice)];
}

/** Whether a role can do anything in a module. */
export function moduleOn(grants: Grant[], module: string): boolean {
  return grants.some(
    (grant) =>
      !grant.deny && grant.scope !== 'none' && (grant.entity === '*' || moduleOf(grant.entity) === module),
  );
}

/** Switches a module off altogether, or on for one's own records. */
export function switchModule(
  grants: Grant[],
  entities: string[],
  operations: string[],
  module: string,
  isOn: boolean,
): Grant[] {
  let out = grants;
  for (const operation of operations) {
    const first = isOn && ['read', 'create', 'update'].includes(operation);
    out = setModule(out, entities, module, operation, first ? { scope: 'own', departments: [] } : nothing);
  }
  return out;
}

/** The same rights, whatever their order. */
export function sameRights(a: Rights, b: Rights): boolean {
  const text = (rights: Rights) =>
    JSON.stringify([
      rights.grants
        .map(({ entity, operation, scope, departments, deny }) =>
          [entity, operation, scope, deny, ...[...departments].sort()].join(' '),
        )
        .sort(),
      rights.fields.map(({ entity, field, level }) => `${entity} ${field} ${level}`).sort(),
    ]);
  return text(a) === text(b);
}

/** The rights as parts that two administrators may change apart: one for each operation and field. */
export function piecesOf({ grants, fields }: Rights): Record<string, unknown> {
  const out: Record<string, string> = {};
  const texts = grants.map(({ entity, operation, scope, departments, deny }) => ({
    key: `grant ${entity} ${operation}`,
    text: `${scope} ${[...departments].sort().join('+')} ${deny}`,
  }));
  for (const { key, text } of texts.sort((a, b) => (a.text < b.text ? -1 : 1)))
    out[key] = out[key] === undefined ? text : `${out[key]}|${text}`;
  for (const { entity, field, level } of fields) out[`field ${entity} ${field}`] = level;
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The rights that piecesOf took apart. */
export function rightsFrom(pieces: Record<string, unknown>): Rights {
  const rights: Rights = { grants: [], fields: [] };
  for (const [key, value] of Object.entries(pieces)) {
    const [kind, entity = '', what = ''] = key.split(' ');
    if (value === undefined) continue;
    if (kind === 'field') {
      rights.fields.push({ entity, field: what, level: String(value) });
      continue;
    }
    for (const text of String(value).split('|')) {
      const [scope = '', departments = '', deny] = text.split(' ');
      rights.grants.push({
        entity,
        operation: what,
        scope,
        departments: departments ? departments.split('+') : [],
        deny: deny === 'true',
      });
    }
  }
  return rights;
}
