import type { EditorProps } from '../types';
import { refs } from '.';
import { onlyOf } from './only';
import { RefField } from './RefField';

/** Chooses records of the entity that the field names, or of the one given. */
export function ReferenceEditor({
  field,
  value,
  onChange,
  target,
  ...props
}: EditorProps & { target?: string }) {
  const many = field.settings?.many;
  return (
    <RefField
      {...props}
      target={field.settings?.target || target || ''}
      many={many}
      only={onlyOf(field, props.row)}
      value={refs(value)}
      onChange={(chosen) => onChange(many ? chosen : (chosen[0] ?? null))}
    />
  );
}
