import { useEffect, useRef, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { post } from '@/api/client';
import type { Duplicate, Entity, Field } from '@/api/types';
import { equal } from '@/lib/equal';
import { canEdit } from '../fields';
import { isLines } from '../lines/lines';
import { seen } from './useAsked';
import { changes, fault, type Values } from './validate';

/** Milliseconds that typing rests before the server is asked. */
const rest = 600;

interface Answer {
  /** The formulas of the record as they would be. */
  values: Values;
  /** What was asked about. */
  of?: Values;
  duplicates: Duplicate[];
}

const nothing: Answer = { values: {}, duplicates: [] };

/**
 * What a save would give, asked while one types: computed fields, and records
 * that look like a new one. It is only help: what goes wrong is not told.
 */
export function usePreview(
  entity: Entity,
  id: string | undefined,
  form: UseFormReturn<Values>,
  fields: Field[],
  initial: Values,
) {
  const [answer, setAnswer] = useState(nothing);
  const asked = useRef<Values>({});
  const isOf = Boolean(id);
  const isWanted =
    !isOf ||
    fields.some((field) => isLines(field) && field.columns.some((column) => !canEdit(column))) ||
    entity.fields.some((field) => field.type === 'formula');
  useEffect(() => {
    if (!isWanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let round = 0;
    async function ask() {
      const typed = seen(entity, form.getValues(), initial);
      // What is half typed is no value yet.
      const whole = fields.filter((field) => !fault(field, typed[field.key], false));
      const values = changes(whole, isOf ? initial : {}, typed);
      if (equal(values, asked.current)) return;
      asked.current = values;
      const mine = ++round;
      const found = await post<Answer>(`records/${entity.name}/preview`, {
        values,
        ...(id ? { id } : {}),
      }).catch(() => nothing);
      if (mine === round) setAnswer({ ...found, of: values });
    }
    const { unsubscribe } = form.watch(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), rest);
    });
    return () => {
      round = -1;
      clearTimeout(timer);
      unsubscribe();
    };
  }, [entity, id, isOf, isWanted, form, fields, initial]);
  return answer;
}
