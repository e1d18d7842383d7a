import { Link } from '@tanstack/react-router';
import type { Ref } from '@/api/types';
import { type TextContext, useMeta } from '../../context';
import { paths } from '../../paths';
import type { FieldType, ShowProps } from '../types';

export function refs(value: unknown): Ref[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (ref): ref is Ref => typeof ref === 'object' && ref !== null && 'id' in ref,
  );
}

export function refText(ref: Ref, { t }: Pick<TextContext, 't'>): string {
  return ref.hidden || ref.id === null ? t('field.hidden') : (ref.label ?? '');
}

/** Where a reference of this field leads; undefined when it leads nowhere. */
function target(ref: Ref, { field }: TextContext): string | undefined {
  const own = { member: 'org.member', department: 'org.department' }[field.type];
  const entity = ref.type ?? field.settings?.target ?? own;
  return entity && ref.id ? paths.record(entity, ref.id) : undefined;
}

function View({ value, context }: ShowProps) {
  const { entities } = useMeta();
  // A line has no page of its own.
  const isLine = Boolean(entities[context.field.settings?.target ?? '']?.line_of);
  return (
    <span className="flex flex-wrap gap-x-3">
      {refs(value).map((ref, i) => {
        const to = isLine ? undefined : target(ref, context);
        const text = refText(ref, context);
        if (!to) return <span key={ref.id ?? i}>{text}</span>;
        return (
          <Link
            key={ref.id}
            to={to}
            className="inline-block min-w-6 underline decoration-line-strong underline-offset-3 hover:decoration-ink"
          >
            {text}
          </Link>
        );
      })}
    </span>
  );
}

export const reference: FieldType = {
  text: (value: unknown, context) =>
    refs(value)
      .map((ref) => refText(ref, context))
      .join(context.t('list.separator')),
  View,
  width: 160,
  filter: 'reference',
  write: (value: unknown) =>
    Array.isArray(value) ? refs(value).map((ref) => ref.id) : (refs(value)[0]?.id ?? null),
};
