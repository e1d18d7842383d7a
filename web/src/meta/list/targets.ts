import type { Field } from '@/api/types';

/** The entity that a field's values are records of. */
export function targetOf(field: Field): string | undefined {
  if (field.type === 'member') return 'org.member';
  if (field.type === 'department') return 'org.department';
  return field.type === 'reference' ? field.settings?.target : undefined;
}
