import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page, Row } from '@/api/types';

type Pages = InfiniteData<Page<Row>>;

/** Puts values of one record into every list that shows it, without asking the server. */
export function putRow(client: QueryClient, entity: string, values: { id: string } & Partial<Row>) {
  client.setQueriesData<Pages>({ queryKey: ['records', entity] }, (data) => {
    if (!data || !('pages' in data)) return data;
    return {
      ...data,
      pages: data.pages.map((page) => {
        const at = page.items.findIndex((row) => row.id === values.id);
        if (at < 0) return page;
        const old = page.items[at] as Row;
        // Only what the list asked for: the answer to a change has every field.
        const known = Object.fromEntries(
          Object.entries(values).filter(([key]) => key in old || key === 'version'),
        );
        const items = [...page.items];
        items[at] = { ...old, ...known };
        return { ...page, items };
      }),
    };
  });
}
