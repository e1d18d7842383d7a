// Who sold the most: the places of a ranking, period by period, one's own in sight.
import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, MonitorPlay, Settings2, Trophy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Row } from '@/api/types';
import { may, useEntity, useFormats, useLabel, useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Avatar } from '@/ui/Avatar';
import { buttonClass, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { Select } from '@/ui/Select';
import { Empty, NoPermission, WaitingLines } from '@/ui/states';
import { Moved } from './Moved';
import { Podium } from './Podium';
import {
  figureText,
  isPlaced,
  measuresOf,
  orderOf,
  type Place,
  partOf,
  periodOf,
  periodStart,
  periodText,
  rankings,
  subjectOf,
  today,
} from './places';
import { usePlaces, useRankings } from './queries';

export interface RankingSearch {
  of?: string;
  measure?: string;
  date?: string;
}

interface PageProps {
  search: RankingSearch;
  onSearch(next: RankingSearch): void;
}

export function RankingPage({ search, onSearch }: PageProps) {
  const { t } = useTranslation();
  const entity = useEntity(rankings);
  const { rows, isPending, error, refetch } = useRankings();
  const ranking = rows.find((row) => row.id === search.of) ?? rows[0];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title={t('ranking.title')}
        icon={<Trophy size={16} aria-hidden="true" className="text-ink-3" />}
      >
        {entity && (
          <Link to={paths.list(rankings)} className={buttonClass('quiet', 'max-desk:px-2')}>
            <Settings2 size={15} aria-hidden="true" />
            <span className="max-desk:sr-only">{t('ranking.all')}</span>
          </Link>
        )}
        {ranking && (
          <Link to="/rankings/$id/screen" params={{ id: ranking.id }} className={buttonClass('primary')}>
            <MonitorPlay size={15} aria-hidden="true" />
            {t('ranking.screen')}
          </Link>
        )}
      </PageHead>
      <ScrollArea label={t('ranking.title')} className="flex-1">
        <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4 desk:px-6 desk:py-5">
          {!entity ? (
            <NoPermission />
          ) : error ? (
            <ProblemNotice error={error} retry={() => refetch()} />
          ) : isPending ? (
            <WaitingLines lines={8} />
          ) : ranking ? (
            <Board key={ranking.id} all={rows} {...{ ranking, search, onSearch }} />
          ) : (
            <Empty
              icon={<Trophy size={18} aria-hidden="true" />}
              title={t('ranking.none')}
              text={t('ranking.none_text')}
            >
              {may(entity, 'create') && (
                <Link to={paths.create(rankings)} className={buttonClass('primary')}>
                  {t('ranking.create')}
                </Link>
              )}
            </Empty>
          )}
        </div>
      </ScrollArea>
    </div>
  );
}

function Board({ all, ranking, search, onSearch }: PageProps & { all: Row[]; ranking: Row }) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const { zone, locale } = useFormats();
  const entity = useEntity(rankings);
  const measures = measuresOf(
    ranking,
    entity?.fields.find((field) => field.key === 'measures'),
    label,
  );
  const measure = measures.find((one) => one.id === search.measure)?.id ?? measures[0]?.id ?? '';
  const period = periodOf(ranking);
  const now = periodStart(today(zone), period);
  const start = periodStart(search.date ?? now, period);
  const found = usePlaces(ranking.id, measure, start);
  const go = (by: number) => {
    const next = periodStart(start, period, by);
    onSearch({ ...search, date: next === now ? undefined : next });
  };
  const isMine = (one: Place) => (one.member ? one.member.id === me.id : false);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {all.length > 1 && (
          <Select
            label={t('ranking.title')}
            hideLabel
            value={ranking.id}
            onChange={(of) => onSearch({ ...search, of: of ?? undefined, measure: undefined })}
            items={all.map((row) => ({ id: row.id, name: String(row.name) }))}
          />
        )}
        {measures.length > 1 && (
          <Select
            label={t('ranking.measure')}
            hideLabel
            value={measure}
            onChange={(next) => onSearch({ ...search, measure: next ?? undefined })}
            items={measures}
          />
        )}
        <div className="ml-auto flex items-center gap-1 max-desk:ml-0">
          <IconButton label={t('ranking.earlier')} onPress={() => go(-1)}>
            <ChevronLeft size={16} aria-hidden="true" />
          </IconButton>
          <span className="figures min-w-24 text-center font-medium">
            {periodText(start, period, t, locale)}
          </span>
          <IconButton label={t('ranking.later')} onPress={() => go(1)} isDisabled={start >= now}>
            <ChevronRight size={16} aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      {found.error ? (
        <ProblemNotice error={found.error} retry={() => found.refetch()} />
      ) : !found.data ? (
        <WaitingLines lines={8} />
      ) : !found.data.some(isPlaced) ? (
        <Empty
          icon={<Trophy size={18} aria-hidden="true" />}
          title={t('ranking.nobody')}
          text={t('ranking.nobody_text')}
        />
      ) : (
        <Places
          places={found.data}
          by={orderOf(ranking)}
          {...{ measure, isMine }}
          isOld={found.isPlaceholderData}
        />
      )}
    </>
  );
}

interface PlacesProps {
  places: Place[];
  measure: string;
  by: 'actual' | 'rate';
  isMine(one: Place): boolean;
  isOld: boolean;
}

function Places({ places, measure, by, isMine, isOld }: PlacesProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const own = places.findIndex(isMine);
  const mine = places[own];
  const above = mine && places.slice(0, own).findLast((one) => one.place < mine.place);
  return (
    <div className={cx('flex flex-col gap-4', isOld && 'opacity-60')} aria-busy={isOld}>
      {mine && isPlaced(mine) && (
        <p
          className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-accent-wash px-4 py-2.5"
          role="status"
        >
          <span>{t('ranking.mine', { place: mine.place, count: places.length })}</span>
          <Moved one={mine} />
          {above && (
            <span className="text-ink-2">
              {t('ranking.behind', {
                figure: figureText(measure, difference(above.actual, mine.actual), formats),
              })}
            </span>
          )}
        </p>
      )}
      <Podium {...{ places, measure, isMine }} />
      {places.length > 3 && (
        <ol
          start={4}
          aria-label={t('ranking.others')}
          className="overflow-hidden rounded-md border border-line"
        >
          {places.slice(3).map((one) => (
            <Line key={subjectOf(one).id} {...{ one, measure, by }} first={places[0]} isOwn={isMine(one)} />
          ))}
        </ol>
      )}
    </div>
  );
}

/** What one figure is above another, exactly: both have at most six decimals. */
function difference(high: string, low: string): string {
  const units = (text: string) => {
    const [whole = '0', part = ''] = text.replace('-', '').split('.');
    const n = BigInt(whole + part.padEnd(6, '0'));
    return text.startsWith('-') ? -n : n;
  };
  const n = units(high) - units(low);
  const digits = (n < 0n ? -n : n).toString().padStart(7, '0');
  return `${n < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
}

interface LineProps {
  one: Place;
  first: Place | undefined;
  measure: string;
  by: 'actual' | 'rate';
  isOwn: boolean;
}

function Line({ one, first, measure, by, isOwn }: LineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const who = subjectOf(one);
  return (
    <li
      className={cx(
        'grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-4 py-2 last:border-b-0',
        'desk:grid-cols-[2rem_minmax(0,14rem)_minmax(0,1fr)_9rem_4.5rem_3.5rem]',
        isOwn && 'bg-accent-wash',
      )}
    >
      <span className="figures text-right text-ink-2">{isPlaced(one) ? one.place : '–'}</span>
      <span className="flex min-w-0 items-center gap-2.5">
        <Avatar name={who.label ?? ''} isGroup={!one.member} />
        <span className="min-w-0">
          <span className="block truncate font-medium" data-tip-cut="">
            {who.label}
            {isOwn && <span className="font-normal text-accent-ink"> · {t('ranking.me')}</span>}
          </span>
          {one.member && <span className="block truncate text-meta text-ink-3">{one.department?.label}</span>}
        </span>
      </span>
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-pressed max-desk:hidden">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${partOf(one, first, by) * 100}%` }}
        />
      </span>
      <span className="figures text-right font-medium">
        {figureText(measure, one.actual, formats)}
        {one.rate !== null && (
          <span className="block text-meta font-normal text-ink-2 desk:hidden">{one.rate}%</span>
        )}
      </span>
      <span className="figures text-right text-meta text-ink-2 max-desk:hidden">
        {one.rate === null ? '' : `${one.rate}%`}
      </span>
      <span className="text-right max-desk:hidden">{isPlaced(one) && <Moved one={one} />}</span>
    </li>
  );
}
