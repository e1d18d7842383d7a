import { expect, test } from 'vitest';
import {
  type Choice,
  cell,
  forbidden,
  type Grant,
  moduleOn,
  nothing,
  piecesOf,
  rightsFrom,
  sameRights,
  setCell,
  setModule,
  switchModule,
} from './rights';

const entities = ['crm.customer', 'crm.contact', 'org.member'];
const grant = (entity: string, operation: string, scope: string, more: Partial<Grant> = {}): Grant => ({
  entity,
  operation,
  scope,
  departments: [],
  deny: false,
  ...more,
});
const all: Choice = { scope: 'all', departments: [] };
const own: Choice = { scope: 'own', departments: [] };

test('a cell is what all grants say together, a denial before any', () => {
  const grants = [
    grant('*', 'read', 'own'),
    grant('crm.*', 'read', 'all'),
    grant('crm.contact', 'read', 'all', { deny: true }),
  ];
  expect(cell(grants, 'crm.customer', 'read')).toMatchObject({ scope: 'all', own: false });
  expect(cell(grants, 'crm.contact', 'read')).toMatchObject({ scope: forbidden, own: true });
  expect(cell(grants, 'org.member', 'read')).toMatchObject({ scope: 'own' });
  expect(cell(grants, 'org.member', 'delete')).toMatchObject({ scope: 'none' });
});

test('a narrower choice spells the wide grant out for the others', () => {
  const grants = setCell([grant('*', 'read', 'all')], entities, 'crm.customer', 'read', own);
  expect(cell(grants, 'crm.customer', 'read').scope).toBe('own');
  expect(cell(grants, 'crm.contact', 'read').scope).toBe('all');
  expect(cell(grants, 'org.member', 'read').scope).toBe('all');
  expect(grants.some(({ entity }) => entity === '*' || entity === 'crm.*')).toBe(false);
});

test('a wider choice is added, the same one is not', () => {
  const grants = [grant('crm.*', 'read', 'own')];
  expect(setCell(grants, entities, 'crm.customer', 'read', all)).toHaveLength(2);
  expect(setCell(grants, entities, 'crm.customer', 'read', own)).toEqual(grants);
  expect(setCell([], entities, 'crm.customer', 'read', nothing)).toEqual([]);
});

test('to forbid leaves what others may', () => {
  const grants = setCell([grant('crm.*', 'read', 'all')], entities, 'crm.contact', 'read', {
    scope: forbidden,
    departments: [],
  });
  expect(cell(grants, 'crm.contact', 'read').scope).toBe(forbidden);
  expect(cell(grants, 'crm.customer', 'read').scope).toBe('all');
  const back = setCell(grants, entities, 'crm.contact', 'read', all);
  expect(back).toEqual([grant('crm.*', 'read', 'all')]);
});

test('chosen departments are kept and compared as sets', () => {
  const chosen = { scope: 'chosen', departments: ['b', 'a'] };
  const grants = setCell([], entities, 'crm.customer', 'read', chosen);
  expect(grants).toEqual([grant('crm.customer', 'read', 'chosen', { departments: ['b', 'a'] })]);
  expect(
    sameRights(
      { grants, fields: [] },
      { grants: [{ ...grants[0], departments: ['a', 'b'] } as Grant], fields: [] },
    ),
  ).toBe(true);
});

test('a module says it for all it has and will have', () => {
  const grants = setModule(
    [grant('*', 'read', 'all'), grant('crm.contact', 'read', 'own')],
    entities,
    'crm',
    'read',
    own,
  );
  expect(grants).toEqual(
    expect.arrayContaining([grant('crm.*', 'read', 'own'), grant('org.*', 'read', 'all')]),
  );
  expect(grants).toHaveLength(2);
});

test('a module is switched off and on', () => {
  const operations = ['read', 'create', 'update', 'delete'];
  const off = switchModule(
    [grant('*', 'read', 'all'), grant('crm.customer', 'delete', 'own')],
    entities,
    operations,
    'crm',
    false,
  );
  expect(moduleOn(off, 'crm')).toBe(false);
  expect(moduleOn(off, 'org')).toBe(true);
  const back = switchModule(off, entities, operations, 'crm', true);
  expect(cell(back, 'crm.customer', 'create').scope).toBe('own');
  expect(cell(back, 'crm.customer', 'delete').scope).toBe('none');
});

test('rights taken apart and put together are the same rights', () => {
  const rights = {
    grants: [
      grant('crm.*', 'read', 'all'),
      grant('crm.customer', 'read', 'chosen', { departments: ['B', 'A'] }),
      grant('crm.customer', 'read', 'all', { deny: true }),
      grant('org.member', 'create', 'own'),
    ],
    fields: [{ entity: 'crm.customer', field: 'phone', level: 'masked' }],
  };
  expect(sameRights(rightsFrom(piecesOf(rights)), rights)).toBe(true);
  const reordered = { ...rights, grants: [...rights.grants].reverse() };
  expect(piecesOf(reordered)).toEqual(piecesOf(rights));
});
