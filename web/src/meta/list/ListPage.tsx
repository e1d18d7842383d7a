import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Count, Entity } from '@/api/types';
import { useCommands } from '@/lib/commands';
import { countText, decimalText } from '@/lib/format';
import { useIsPhone } from '@/lib/media';
import { fieldsOf, useContexts, useLabel } from '../context';
import { useRecords, useRegionName, useSavedViews } from '../data';
import { ProblemNotice } from '../ProblemNotice';
import { Choosing } from './Choosing';
import { daysFilter } from './calendar/days';
import { noteFirst, opensSaved } from './first';
import { GridTotals, heightOf } from './GridTotals';
import { ListEmpty } from './ListEmpty';
import { ListGrid } from './ListGrid';
import { ListHead } from './ListHead';
import { ListToolbar } from './ListToolbar';
import { PeekPlace } from './PeekPlace';
import {
  columnsOf,
  type ListSearch,
  listQuery,
  nextSort,
  type Show,
  shapeOf,
  viewOf,
  viewsOf,
  withFilter,
  withShape,
  withSort,
} from './query';
import { useMeasures, useTotals } from './useTotals';
import { useViewDeeds } from './useViewDeeds';
import { useWidths } from './useWidths';

const CalendarPlace = lazy(() => import('./calendar/CalendarPlace'));
const GroupPlace = lazy(() => import('./group/GroupPlace'));
const BoardPlace = lazy(() => import('./board/BoardPlace'));

/** The list of an entity: views, filters, rows. The URL holds what is on screen. */
export function ListPage({ entity, search }: { entity: Entity; search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const { views, view, isKnown } = useViews(entity, search);
  const query = listQuery(entity, search, view);
  const columns = columnsOf(entity, view, search);
  const shape = shapeOf(entity, search, view);
  const isList = shape.kind === 'list' && (!shape.group || isPhone);
  const records = useRecords(entity.name, query, isKnown && isList);
  const hasRegion = entity.fields.some((field) => field.type === 'region' && columns.includes(field.key));
  const contexts = useContexts(useRegionName(hasRegion));
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.items) ?? [], [records.data]);
  const show: Show = (next) => navigate({ to: '.', search: next as never });
  const widths = useWidths(entity, view);
  const deeds = useViewDeeds(entity, views, view, search, show, widths);
  const [isChoosing, setChoosing] = useState(false);
  const [measureOf, onMeasure] = useMeasures(entity);
  const known = fieldsOf(entity);
  const figures = columns.flatMap((key) => known.get(key) ?? []);
  const totals = useTotals(entity, figures, measureOf, query.filter, isList && rows.length > 0 && !query.q);
  const counted = records.data?.pages[0]?.count;
  const exact = query.q ? undefined : totals.count;
  const total = exact ?? Math.max(counted?.value ?? 0, rows.length);
  const [placed, setPlaced] = useState<number | undefined>(undefined);
  const isExact = exact !== undefined || (counted?.exact ?? false);

  useCommands(
    keys.map(([key, what]) => ({
      id: `list.${what}`,
      group: 'list',
      keys: key,
      name: t(`list.keys.${what}`),
    })),
  );
  const peek = useCallback(
    (id: string, toggle: boolean) =>
      navigate({
        to: '.',
        replace: true,
        search: ((old: ListSearch) => ({
          ...old,
          peek: toggle && old.peek === id ? undefined : id,
        })) as never,
      }),
    [navigate],
  );

  const foot = (
    <GridTotals
      {...{ entity, columns, contexts, totals, onMeasure }}
      measureOf={(key) => {
        const field = known.get(key);
        return field ? measureOf(field) : 'none';
      }}
    />
  );

  return (
    <div className="flex h-full min-h-0 flex-col">
      <ListHead
        entity={entity}
        query={query}
        columns={columns}
        view={search.view ? view : undefined}
        rows={isList && isExact ? total : undefined}
        count={countWords(isList ? exact : placed, isList ? counted : undefined)}
        shape={shape}
        onShape={(next) =>
          show(
            withShape(entity, { ...search, peek: undefined, at: undefined, column: undefined }, view, next),
          )
        }
      />
      <ListToolbar
        {...{ entity, view, deeds, search, show, contexts, widths, isChoosing }}
        onChoosing={setChoosing}
      />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-w-0 flex-1 flex-col">
          {shape.kind === 'board' && (
            <Suspense>
              <BoardPlace
                {...{ entity, shape, query, contexts, isKnown }}
                peek={search.peek}
                onPeek={isPhone ? undefined : peek}
                onLimits={(limits) => show(withShape(entity, search, view, { limits }))}
                onFilter={(filter) => show(withFilter(search, view, filter))}
                onCount={setPlaced}
                column={search.column}
                onColumn={(column) => show({ ...search, column })}
              />
            </Suspense>
          )}
          {shape.kind === 'list' && !isList && (
            <Suspense>
              <GroupPlace
                {...{ entity, columns, query, contexts, isKnown }}
                group={shape.group}
                pulled={widths.pulled}
                peek={search.peek}
                onPeek={peek}
                onCount={setPlaced}
              />
            </Suspense>
          )}
          {shape.kind === 'calendar' && (
            <Suspense>
              <CalendarPlace
                {...{ entity, shape, query, contexts, isKnown }}
                at={search.at}
                onAt={(at) => show({ ...search, at })}
                onShape={(next) => show(withShape(entity, search, view, next))}
                onDay={(day) =>
                  show({
                    ...withShape(entity, search, view, { kind: 'list' }),
                    filter: daysFilter(query.filter, shape.by, day, day),
                    at: undefined,
                  })
                }
                peek={search.peek}
                onPeek={isPhone ? undefined : peek}
                onCount={setPlaced}
              />
            </Suspense>
          )}
          {isList && (
            <Choosing {...{ entity, query, columns, rows, total, isExact, isChoosing }}>
              {(selection, onSelect) =>
                records.isError && rows.length === 0 ? (
                  <div className="p-4">
                    <ProblemNotice error={records.error} retry={() => records.refetch()} />
                  </div>
                ) : rows.length === 0 && !records.isPending ? (
                  <ListEmpty
                    entity={entity}
                    isFiltered={Boolean(query.filter || query.q)}
                    onClear={() => show(withFilter({ ...search, q: undefined }, view, ''))}
                  />
                ) : (
                  <ListGrid
                    {...{ entity, columns, rows, contexts, selection, onSelect, isChoosing, widths }}
                    sort={query.sort}
                    onSort={(key, add) =>
                      show(withSort(entity, search, view, nextSort(query.sort, key, add)))
                    }
                    isWaiting={records.isPending}
                    isStale={records.isPlaceholderData}
                    peek={search.peek}
                    onPeek={isPhone ? undefined : peek}
                    hasMore={records.hasNextPage && !records.isFetchNextPageError}
                    onMore={() => {
                      if (!records.isFetching) records.fetchNextPage({ cancelRefetch: false });
                    }}
                    totals={foot}
                    totalsHeight={heightOf(totals)}
                  />
                )
              }
            </Choosing>
          )}
        </div>
        <PeekPlace entity={entity} id={search.peek} />
      </div>
    </div>
  );
}

function countWords(exact: number | undefined, counted: Count | null | undefined): string {
  if (exact !== undefined) return decimalText(exact);
  return counted ? countText(counted) : '';
}

/** Listened to by useGridKeys; here they are only listed. */
const keys = [
  ['j', 'next'],
  ['k', 'previous'],
  ['x', 'choose'],
  ['Space', 'peek'],
  ['e', 'edit'],
] as const;

/** The views of a list and the one on show. While it is not known which that is, nothing is asked. */
function useViews(entity: Entity, search: ListSearch) {
  const { t } = useTranslation();
  const label = useLabel();
  const saved = useSavedViews(entity.name);
  const views = viewsOf(entity, saved.data?.items ?? [], { all: t('list.all'), label });
  const view = viewOf(views, search);
  const isSaved = view?.saved !== undefined && !search.view;
  useEffect(() => {
    if (!search.view && saved.data) noteFirst(entity.name, isSaved);
  }, [entity.name, isSaved, saved.data, search.view]);
  const isSure = search.view ? view?.key === search.view : !opensSaved(entity.name);
  return { views, view, isKnown: isSure || !saved.isPending };
}
