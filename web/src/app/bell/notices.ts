// What stands behind the bell: reminders whose moment has come, what colleagues
// gave, where one was mentioned. It is an entity like others, so it is live too.
import { queryOptions } from '@tanstack/react-query';
import { create } from 'zustand';
import { get } from '@/api/client';
import type { Page, Ref, Row } from '@/api/types';
import { addDays, today, weekday } from '@/lib/dates';
import type { Formats } from '@/lib/format';
import { instantAt } from '@/lib/zones';
import { paths } from '@/meta/paths';

export const entityName = 'org.reminder';

/** What a notice can be of: the codes of the server's field (notices.test.ts holds them together). */
export const kinds = [
  'moment',
  'given',
  'mentioned',
  'finished',
  'returning',
  'returned',
  'overdue',
  'credit',
  'asked',
  'approved',
  'rejected',
] as const;

export interface Notice extends Row {
  title: string;
  kind: (typeof kinds)[number] | null;
  about: Ref | null;
  sender: Ref | null;
  count: number | null;
  of: string | null;
  at: string;
}

/** The most that are listed; the list of all of them has the rest. */
const most = 50;

export const bellQuery = queryOptions({
  queryKey: ['records', entityName, 'bell'],
  queryFn: ({ signal }) =>
    get<Page<Notice>>(
      `records/${entityName}`,
      {
        filter: 'owner == me and state == "due"',
        sort: '-at',
        fields: 'title,kind,about,sender,count,of,at',
        limit: most,
        count: true,
      },
      signal,
    ),
  staleTime: 60_000,
});

/** Whether the bell's list is open; it opens from the navigation, by key and from the first page. */
export const useBell = create<{ isOpen: boolean }>(() => ({ isOpen: false }));
export const openBell = () => useBell.setState({ isOpen: true });
export const closeBell = () => useBell.setState({ isOpen: false });

const viewOf: Record<string, string> = { returning: 'returning', returned: 'pool' };

/** Where a notice leads: to its record, or to one's own records of the kind when several were given. */
export function placeOfNotice({ kind, about, count, of }: Notice): string | undefined {
  if (of && (count ?? 0) > 1) return `${paths.list(of)}?view=${viewOf[kind ?? ''] ?? 'mine'}`;
  return about?.id && about.type ? paths.record(about.type, about.id) : undefined;
}

/** Whether a notice waits for what it is about to be done; the others are told by going there. */
export const isStanding = ({ kind }: Notice): boolean =>
  kind === null || kind === 'moment' || kind === 'asked';

/** When to be reminded again: in an hour, tomorrow morning, next Monday morning. */
export function laterMoments(zone: string, now = Date.now()): { id: string; at: number }[] {
  const day = today(zone, now);
  const morning = (date: string) => instantAt(`${date}T09:00:00`, zone);
  const moments = [
    { id: 'hour', at: now + 3_600_000 },
    { id: 'tomorrow', at: morning(addDays(day, 1)) },
    { id: 'monday', at: morning(addDays(day, 8 - weekday(day))) },
  ];
  // On a Sunday tomorrow is Monday: nobody is asked which of the two he means.
  return moments.filter(({ at }, i) => moments.findIndex((one) => one.at === at) === i);
}

/** A moment as one says it: the time today, else the day too. */
export function laterText(at: number, { locale, zone }: Formats, now = Date.now()): string {
  const isToday = today(zone, at) === today(zone, now);
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone || undefined,
    ...(isToday ? {} : { month: 'short', day: 'numeric', weekday: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at);
}
