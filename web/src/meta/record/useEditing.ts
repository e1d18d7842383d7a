import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { askedOf } from '../condition';
import { may, useLabel } from '../context';
import { canEdit } from '../fields';
import { fault } from '../form/validate';
import { isSealed } from '../sealed';
import type { Refused } from './Fact';
import type { Step } from './InlineEditor';
import type { Saving } from './useSaving';

export type Editing = ReturnType<typeof useEditing>;

/** Which fact of a record is being edited, and what became of those before. */
export function useEditing(entity: Entity, saving: Saving, row: Row) {
  const { t } = useTranslation();
  const label = useLabel();
  const [editing, setEditing] = useState<string | null>(null);
  const [base, setBase] = useState<unknown>(null);
  const [back, setBack] = useState<string | null>(null);
  const [touched, setTouched] = useState<string | null>(null);
  const [refused, setRefused] = useState<Record<string, Refused | undefined>>({});
  // The facts as they stand below one another: where Tab goes on.
  const order = useRef<Field[]>([]);
  const mayUpdate = may(entity, 'update') && !isSealed(entity, row);
  const mayEdit = (field: Field) => mayUpdate && canEdit(field) && !field.settings?.asks;

  function begin(field: Field) {
    setBase(row[field.key] ?? null);
    setTouched(field.key);
    setBack(null);
    setEditing(field.key);
  }

  function settle(field: Field, problem: Refused | undefined) {
    setRefused((old) => ({ ...old, [field.key]: problem }));
  }

  function leave(field: Field, step: Step) {
    setEditing((now) => (now === field.key ? null : now));
    setBack(step === 'left' ? null : field.key);
  }

  async function commit(field: Field, value: unknown, step: Step) {
    const wrong = fault(field, value, askedOf(entity.fields, row).isRequired(field));
    if (wrong) {
      settle(field, { value, message: t(wrong, { name: label(field.label) }) });
      leave(field, step);
      return;
    }
    settle(field, undefined);
    const next =
      typeof step === 'number' && step !== 0
        ? order.current[order.current.findIndex((one) => one.key === field.key) + step]
        : undefined;
    if (next) begin(next);
    else leave(field, step);
    const message = await saving.change(field, base, value);
    if (message) settle(field, { value, message });
  }

  function cancel(field: Field) {
    settle(field, undefined);
    setEditing(null);
    setBack(field.key);
  }

  function inOrder(fields: Field[]) {
    order.current = fields;
  }

  return { editing, back, touched, refused, mayEdit, begin, commit, cancel, inOrder };
}
