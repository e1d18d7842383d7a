// Which fields a form shows and asks for while one types.
import { useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { Entity, Field } from '@/api/types';
import { type Asked, askedOf } from '../condition';
import type { Values } from './validate';

/** The same, as long as the same fields are shown and asked for. */
interface Told extends Asked {
  mark: string;
}

function tell(entity: Entity, values: Values, before: Values): Told {
  const asked = askedOf(entity.fields, values, before);
  const mark = entity.fields
    .map((field) => (asked.isRequired(field) ? '!' : asked.isShown(field) ? '+' : '-'))
    .join('');
  return { ...asked, mark };
}

/** Follows the values of a form; draws it again only when another field is shown or asked for. */
export function useAsked(entity: Entity, form: UseFormReturn<Values>, before: Values): Asked {
  const [told, setTold] = useState(() => tell(entity, form.getValues(), before));
  useEffect(() => {
    if (!entity.fields.some((field) => field.visible_when || field.required_when)) return;
    const look = () => {
      const next = tell(entity, form.getValues(), before);
      setTold((old) => (old.mark === next.mark ? old : next));
    };
    look();
    const { unsubscribe } = form.watch(look);
    return unsubscribe;
  }, [entity, form, before]);
  return told;
}

/**
 * The values to save: a field that is not shown stays as it was, whatever was
 * typed into it before it went.
 */
export function seen(entity: Entity, values: Values, before: Values): Values {
  const asked = askedOf(entity.fields, values, before);
  const kept = (field: Field) => [field.key, before[field.key]];
  return {
    ...values,
    ...Object.fromEntries(entity.fields.filter((field) => !asked.isShown(field)).map(kept)),
  };
}
