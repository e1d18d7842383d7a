import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { records, useRecords } from '@/meta/data';
import { evened, type Place, rankings } from './places';

/** Every ranking that the member may read, by name. */
export function useRankings() {
  const found = useRecords(rankings, {
    fields: 'name,subjects,measures,period,by,shown,seconds',
    sort: 'name',
  });
  return { ...found, rows: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** The places of one measure in the period that a day is in. */
export const placesQuery = (ranking: string, measure: string, date: string | undefined, every?: number) =>
  queryOptions({
    queryKey: ['places', ranking, measure, date],
    queryFn: async () =>
      evened(
        (await records.ask(rankings, ranking, 'places', { measure, date: date ?? null }))
          .rows as unknown as Place[],
      ),
    placeholderData: keepPreviousData,
    refetchInterval: every,
    retry: every ? 3 : false,
  });

export const usePlaces = (ranking: string, measure: string, date: string | undefined, every?: number) =>
  useQuery(placesQuery(ranking, measure, date, every));
