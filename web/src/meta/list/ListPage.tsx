import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { countText } from '@/lib/format';
import { useContexts, useLabel } from '../context';
import { useRecords, useRegionName, useSavedViews } from '../data';
import { ProblemNotice } from '../ProblemNotice';
import { ListEmpty } from './ListEmpty';
import { ListGrid } from './ListGrid';
import { ListHead } from './ListHead';
import { ListToolbar } from './ListToolbar';
import { PeekPlace } from './PeekPlace';
import { columnsOf, type ListSearch, listQuery, nextSort, viewsOf } from './query';

/** The list of an entity: views, filters, rows. The URL holds what is on screen. */
export function ListPage({ entity, search }: { entity: Entity; search: ListSearch }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const saved = useSavedViews(entity.name).data?.items;
  const views = viewsOf(entity, saved ?? [], { all: t('list.all'), label });
  const view = views.find((one) => one.key === search.view) ?? views[0];
  const query = listQuery(entity, search, view);
  const columns = columnsOf(entity, view);
  const records = useRecords(entity.name, query);
  const hasRegion = entity.fields.some((field) => field.type === 'region' && columns.includes(field.key));
  const contexts = useContexts(useRegionName(hasRegion));
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.items) ?? [], [records.data]);
  const count = records.data?.pages[0]?.count;
  const show = (next: ListSearch) => navigate({ to: '.', search: next as never });

  const peek = useCallback(
    (id: string) =>
      navigate({
        to: '.',
        search: ((old: ListSearch) => ({ ...old, peek: old.peek === id ? undefined : id })) as never,
      }),
    [navigate],
  );

  return (
    <div className="flex h-full min-h-0 flex-col">
      <ListHead entity={entity} query={query} count={count ? countText(count) : ''} />
      <ListToolbar {...{ entity, views, view, search, show, contexts }} />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          {records.isError && rows.length === 0 ? (
            <div className="p-4">
              <ProblemNotice error={records.error} retry={() => records.refetch()} />
            </div>
          ) : rows.length === 0 && !records.isPending ? (
            <ListEmpty
              entity={entity}
              isFiltered={Boolean(query.filter || query.q)}
              onClear={() =>
                show({ view: search.view && views[0]?.filter === undefined ? views[0]?.key : search.view })
              }
            />
          ) : (
            <ListGrid
              entity={entity}
              columns={columns}
              rows={rows}
              contexts={contexts}
              sort={query.sort}
              onSort={(key) => show({ ...search, sort: nextSort(query.sort, key) })}
              isWaiting={records.isPending}
              isStale={records.isPlaceholderData}
              peek={search.peek}
              onPeek={peek}
              hasMore={records.hasNextPage && !records.isFetchNextPageError}
              onMore={() => {
                if (!records.isFetching) records.fetchNextPage();
              }}
            />
          )}
        </div>
        <PeekPlace entity={entity} id={search.peek} />
      </div>
    </div>
  );
}
