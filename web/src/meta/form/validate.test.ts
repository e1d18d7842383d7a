import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { makeField } from '../make';
import { changes, fault } from './validate';

const field = (type: string, more: Partial<Field> = {}) => makeField(type, type, more);

describe('fault', () => {
  it.each([
    [field('text', { required: true }), null, 'form.error.required'],
    [field('text', { required: true }), '', 'form.error.required'],
    [field('member', { required: true, settings: { many: true } }), [], 'form.error.required'],
    [field('switch', { required: true }), null, undefined],
    [field('text'), null, undefined],
    [field('number'), 5, undefined],
    [field('number'), '5x', 'form.error.number'],
    [field('money'), '12.50', undefined],
    [field('money'), '12,50元', 'form.error.decimal'],
    [field('percent'), '-3', undefined],
  ] as [Field, unknown, string | undefined][])('$type %j', (of, value, want) =>
    expect(fault(of, value)).toBe(want),
  );
});

describe('changes', () => {
  const fields = [field('text'), field('member'), field('file'), field('number')];
  const before = { text: 'a', member: { id: '1', label: '李明' }, file: [{ id: 'f' }], number: 3 };
  it('sends nothing when nothing changed, whatever the labels', () => {
    expect(
      changes(fields, before, {
        ...before,
        member: { id: '1', label: '李 明' },
        file: [{ id: 'f', name: 'x' }],
      }),
    ).toEqual({});
  });
  it('sends what changed, in written form, emptied fields as null', () => {
    expect(
      changes(fields, before, { text: '', member: { id: '2', label: 'x' }, file: [], number: 3 }),
    ).toEqual({
      text: null,
      member: '2',
      file: [],
    });
  });
  it('sends only filled fields of a new record', () => {
    expect(changes(fields, {}, { text: 'a', member: null, number: 0 })).toEqual({ text: 'a', number: 0 });
  });
});
