import { useQueries } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Field, Row } from '@/api/types';
import { useMeta } from '../context';
import { targetOf } from './targets';

/** The names of records that filters name by id; the id until it is known. */
export function useRefLabels(named: { field: Field; id: string }[]): (id: string) => string {
  const { entities } = useMeta();
  const wanted = named.flatMap(({ field, id }) => {
    const target = targetOf(field);
    const title = target && entities[target]?.title;
    return title ? [{ target, title, id }] : [];
  });
  const found = useQueries({
    queries: wanted.map(({ target, title, id }) => ({
      queryKey: ['record', target, id, 'title'],
      queryFn: () => get<Row>(`records/${target}/${id}`, { fields: title }),
      staleTime: 300_000,
      retry: false,
    })),
  });
  return (id) => {
    const at = wanted.findIndex((one) => one.id === id);
    const row = found[at]?.data;
    return row ? String(row[wanted[at]?.title ?? ''] ?? id) : id;
  };
}
