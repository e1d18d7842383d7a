// A ranking on a wall: dark, large, by itself. One measure after the other, each
// asked for anew; Esc leaves, Space holds, the arrows turn over.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Maximize, Pause, Play, X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '@/api/types';
import { useEntity, useFormats, useLabel, useMe, useMeta } from '@/meta/context';
import { useRecord } from '@/meta/data';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { WaitingLines } from '@/ui/states';
import { measuresOf, orderOf, periodOf, periodStart, periodText, rankings, today } from './places';
import { usePlaces } from './queries';
import { ScreenRows } from './ScreenRows';

/** How often the figures are asked for while one measure stands, in milliseconds. */
const refresh = 30_000;

export function ScreenPage({ id }: { id: string }) {
  const found = useRecord(rankings, id);
  useDark();
  if (found.error)
    return (
      <div className="p-6">
        <ProblemNotice error={found.error} retry={() => found.refetch()} />
      </div>
    );
  return found.data ? <Screen ranking={found.data} /> : <WaitingLines lines={6} />;
}

/** The screen is dark whatever the page is. */
function useDark() {
  useEffect(() => {
    const root = document.documentElement;
    const before = root.dataset.theme;
    root.dataset.theme = 'dark';
    return () => {
      if (before === undefined) delete root.dataset.theme;
      else root.dataset.theme = before;
    };
  }, []);
}

function Screen({ ranking }: { ranking: Row }) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const { company } = useMeta();
  const { zone, locale } = useFormats();
  const entity = useEntity(rankings);
  const measures = measuresOf(
    ranking,
    entity?.fields.find((field) => field.key === 'measures'),
    label,
  );
  const [at, setAt] = useState(0);
  const [isHeld, setHeld] = useState(false);
  const now = useClock();
  const leave = useLeave(ranking.id);
  const turn = useCallback(
    (by: number) => setAt((old) => (old + by + measures.length) % Math.max(1, measures.length)),
    [measures.length],
  );
  useTurning(Number(ranking.seconds) * 1000, measures.length > 1 && !isHeld, turn);
  useKeys({ leave, turn, hold: () => setHeld((old) => !old) });
  const measure = measures[at] ?? measures[0];
  const period = periodOf(ranking);
  const found = usePlaces(ranking.id, measure?.id ?? '', undefined, refresh);
  const time = (value: number, seconds: boolean) =>
    new Intl.DateTimeFormat(locale, {
      timeZone: zone || undefined,
      hour: '2-digit',
      minute: '2-digit',
      second: seconds ? '2-digit' : undefined,
      hour12: false,
    }).format(value);
  return (
    <main className="flex h-full min-h-0 flex-col overflow-hidden bg-ground text-ink max-desk:overflow-y-auto">
      <header className="flex flex-wrap items-end gap-x-6 gap-y-1 px-[3vw] pt-[3vh]">
        <div className="min-w-0">
          <p className="truncate text-[clamp(14px,1.3vw,26px)]/[1.4] text-ink-2">
            {company.short_name || company.name} · {String(ranking.name)}
          </p>
          <h1 className="truncate text-[clamp(26px,3.4vw,76px)]/[1.25] font-semibold">{measure?.name}</h1>
        </div>
        <p className="figures ml-auto text-right text-[clamp(14px,1.5vw,32px)]/[1.4] text-ink-2 max-desk:ml-0 max-desk:text-left">
          {periodText(periodStart(today(zone), period), period, t, locale)}
          <span className="ml-[1vw] font-semibold text-ink">{time(now, false)}</span>
        </p>
      </header>
      <div
        key={measure?.id}
        className="screen-in flex min-h-0 flex-1 flex-col px-[3vw] py-[2.5vh] max-desk:min-h-fit"
      >
        {found.data ? (
          <ScreenRows
            places={found.data}
            measure={measure?.id ?? ''}
            shown={Number(ranking.shown) || 10}
            by={orderOf(ranking)}
            me={me.id}
          />
        ) : found.error ? (
          <ProblemNotice error={found.error} retry={() => found.refetch()} />
        ) : (
          <WaitingLines lines={8} />
        )}
      </div>
      <footer className="flex items-center gap-3 px-[3vw] pb-[2vh] text-[clamp(12px,0.9vw,18px)] text-ink-3">
        <ol className="flex flex-wrap gap-2" aria-label={t('ranking.measure')}>
          {measures.map((one, n) => (
            <li key={one.id}>
              <button
                type="button"
                aria-current={n === at ? 'true' : undefined}
                onClick={() => setAt(n)}
                className={cx(
                  'min-h-6 rounded-full border px-3 py-0.5',
                  n === at ? 'border-accent-ink text-accent-ink' : 'border-line text-ink-3 hover:text-ink',
                )}
              >
                {one.name}
              </button>
            </li>
          ))}
        </ol>
        <span className="figures ml-auto whitespace-nowrap max-desk:hidden">
          {found.dataUpdatedAt > 0 && t('ranking.as_of', { time: time(found.dataUpdatedAt, true) })}
        </span>
        <span className="flex max-desk:ml-auto">
          {measures.length > 1 && (
            <IconButton
              label={t(isHeld ? 'ranking.go_on' : 'ranking.hold')}
              onPress={() => setHeld((old) => !old)}
            >
              {isHeld ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
            </IconButton>
          )}
          <IconButton
            label={t('ranking.full')}
            onPress={() => void document.documentElement.requestFullscreen?.().catch(() => undefined)}
          >
            <Maximize size={16} aria-hidden="true" />
          </IconButton>
          <IconButton label={t('ranking.leave')} keys="Escape" onPress={leave}>
            <X size={17} aria-hidden="true" />
          </IconButton>
        </span>
      </footer>
    </main>
  );
}

/** The time, by the minute. */
function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Turns over to the next measure after a while. */
function useTurning(every: number, isOn: boolean, turn: (by: number) => void) {
  const client = useQueryClient();
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(
      () => {
        turn(1);
        void client.invalidateQueries({ queryKey: ['places'], refetchType: 'none' });
      },
      Math.max(5000, every),
    );
    return () => clearInterval(timer);
  }, [every, isOn, turn, client]);
}

/** Back to the page; out of the browser's full screen too. */
function useLeave(of: string): () => void {
  const navigate = useNavigate();
  const leave = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    void navigate({ to: '/rankings', search: { of } as never });
  }, [navigate, of]);
  useEffect(() => {
    const changed = () => {
      if (!document.fullscreenElement) leave();
    };
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, [leave]);
  return leave;
}

interface Keys {
  leave(): void;
  turn(by: number): void;
  hold(): void;
}

function useKeys({ leave, turn, hold }: Keys) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === 'Escape') leave();
      else if (event.key === 'ArrowRight') turn(1);
      else if (event.key === 'ArrowLeft') turn(-1);
      else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) hold();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  });
}
