import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askedOf, type Condition, holds } from './condition';
import { makeField } from './make';

interface Vectors {
  fields: { key: string; type: string; settings?: object }[];
  cases: {
    when: string;
    ir: Condition;
    holds: Record<string, unknown>[];
    fails: Record<string, unknown>[];
  }[];
}

const path = fileURLToPath(
  new URL('../../../internal/model/entity/testdata/conditions.json', import.meta.url),
);
const vectors: Vectors = JSON.parse(readFileSync(path, 'utf8'));
const fields = new Map(
  vectors.fields.map(({ key, type, settings }) => [
    key,
    makeField(key, type, { settings: settings ?? {} } as never),
  ]),
);

describe('conditions mean here what they mean on the server', () => {
  for (const one of vectors.cases) {
    it(one.when, () => {
      for (const values of one.holds)
        expect(holds(one.ir, fields, values), JSON.stringify(values)).toBe(true);
      for (const values of one.fails)
        expect(holds(one.ir, fields, values), JSON.stringify(values)).toBe(false);
    });
  }
  it('compares references by id, as records have them', () => {
    const when: Condition = { field: 'partner', op: '==', value: 'A1' };
    expect(holds(when, fields, { partner: { id: 'A1', label: '甲' } })).toBe(true);
    expect(holds(when, fields, { partner: { id: null, label: null, hidden: true } })).toBe(false);
    const there: Condition = { field: 'partner', op: 'is not null' };
    expect(holds(there, fields, { partner: { id: null, label: null, hidden: true } })).toBe(true);
  });
  it('takes what is half typed for no figure', () => {
    expect(holds({ field: 'credit', op: '<', value: '5' }, fields, { credit: '1.' })).toBe(false);
  });
});

describe('what a form asks for', () => {
  const status = makeField('status', 'choice');
  const why = makeField('why', 'text', { visible_when: { field: 'status', op: '==', value: 'lost' } });
  const who = makeField('who', 'text', {
    required: true,
    visible_when: { field: 'why', op: '==', value: 'rival' },
  });
  const list = [status, why, who];
  const keys = (values: object, before?: object) => {
    const asked = askedOf(list, { ...values }, { ...(before ?? values) });
    return {
      shown: list.filter(asked.isShown).map((field) => field.key),
      required: list.filter(asked.isRequired).map((field) => field.key),
    };
  };
  it('shows fields in a chain, and asks only for what is shown', () => {
    expect(keys({ status: 'won' })).toEqual({ shown: ['status'], required: [] });
    expect(keys({ status: 'lost' })).toEqual({ shown: ['status', 'why'], required: [] });
    expect(keys({ status: 'lost', why: 'rival' })).toEqual({
      shown: ['status', 'why', 'who'],
      required: ['who'],
    });
  });
  it('counts a field that went out of sight with what it will be saved as', () => {
    expect(keys({ status: 'won', why: 'rival' }, { status: 'won' }).shown).toEqual(['status']);
    expect(keys({ status: 'won', why: 'price' }, { status: 'lost', why: 'rival' }).shown).toEqual([
      'status',
      'who',
    ]);
  });
});
