// Stages belong to pipelines: where the columns are records of an entity that has
// a reference which the cards have too, the board shows those of one of them.
import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Entity, Field, Meta, Page, Row } from '@/api/types';
import { both, clauseText, filterText, type Group, isGroup, parseFilter } from '@/lib/filter';
import { useLabel, useMeta } from '../../context';

interface Narrow {
  /** The field of the cards, and of the columns, that both have. */
  field: Field;
  target: Entity;
}

const single = (field: Field) => field.type === 'reference' && !field.settings?.many && !field.system;

/** What cards and columns both refer to; undefined when nothing, or more than one thing. */
export function narrowOf(meta: Meta, entity: Entity, by: Field | undefined): Narrow | undefined {
  const columns = by?.type === 'reference' ? meta.entities[by.settings?.target ?? ''] : undefined;
  if (!columns || columns === entity) return undefined;
  const shared = entity.fields.filter(
    (field) =>
      field !== by &&
      single(field) &&
      field.settings?.target !== columns.name &&
      columns.fields.filter((one) => single(one) && one.settings?.target === field.settings?.target)
        .length === 1,
  );
  const [field] = shared;
  const target = meta.entities[field?.settings?.target ?? ''];
  return shared.length === 1 && field && target ? { field, target } : undefined;
}

/** The one record that a filter asks of a field; undefined when it does not say one. */
export function chosenIn(filter: string | undefined, key: string): string | undefined {
  const parsed = parseFilter(filter ?? '');
  const kids = parsed?.joint === 'and' ? parsed.kids : parsed ? [parsed] : [];
  for (const kid of kids) {
    if (isGroup(kid) || kid.field !== key || (kid.op !== '==' && kid.op !== 'in')) continue;
    const values = Array.isArray(kid.value) ? kid.value : [kid.value];
    if (values.length === 1 && typeof values[0] === 'string') return values[0];
  }
  return undefined;
}

/** The filter with another record asked of the field. */
export function withChosen(filter: string | undefined, key: string, id: string): string {
  const clause = { field: key, op: '==' as const, value: id };
  const parsed = parseFilter(filter ?? '');
  if (!parsed) return both(filter, clauseText(clause)) ?? '';
  const old: Group['kids'] = parsed.joint === 'and' ? parsed.kids : [parsed];
  const kids = old.filter((kid) => isGroup(kid) || kid.field !== key);
  return filterText({ joint: 'and', kids: [...kids, clause] });
}

export function useNarrow(entity: Entity, by: Field | undefined, filter: string | undefined) {
  const label = useLabel();
  const narrow = narrowOf(useMeta(), entity, by);
  const { target, field } = narrow ?? {};
  const found = useQuery({
    queryKey: ['records', target?.name ?? '', 'narrow'],
    queryFn: ({ signal }) =>
      get<Page<Row>>(`records/${target?.name}`, { fields: target?.title, limit: 50 }, signal),
    enabled: target !== undefined,
    staleTime: 60_000,
  });
  const choices = (found.data?.items ?? []).map((row) => ({
    id: row.id,
    name: String(row[target?.title ?? ''] ?? ''),
  }));
  const key = field?.key ?? '';
  const said = field ? chosenIn(filter, key) : undefined;
  const chosen = said ?? choices[0]?.id ?? '';
  // One that is all there is need not be said.
  const isImplied = field !== undefined && said === undefined && choices.length > 1;
  return {
    isKnown: !target || !found.isPending,
    name: label(field?.label),
    choices,
    chosen,
    filter: isImplied ? withChosen(filter, key, chosen) : filter,
    filterFor: (id: string) => withChosen(filter, key, id),
  };
}
