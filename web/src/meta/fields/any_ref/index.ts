import { reference, refs } from '../reference';
import type { FieldType } from '../types';

export const any_ref: FieldType = {
  ...reference,
  filter: 'none',
  write: (value: unknown) => {
    const ref = refs(value)[0];
    return ref?.id ? { type: ref.type, id: ref.id } : null;
  },
};
