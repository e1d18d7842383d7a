import { useTranslation } from 'react-i18next';
import { useFormats } from '@/meta/context';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { Moved } from './Moved';
import { figureText, isPlaced, type Place, partOf, subjectOf } from './places';

interface RowsProps {
  places: Place[];
  measure: string;
  shown: number;
  by: 'actual' | 'rate';
  me: string;
}

const metals = ['var(--dot-yellow)', 'var(--dot-gray)', 'var(--dot-orange)'];

/** The first three large on the left, the others beside them. */
export function ScreenRows({ places, measure, shown, by, me }: RowsProps) {
  const { t } = useTranslation();
  if (!places.some(isPlaced))
    return <p className="m-auto text-[clamp(20px,2.4vw,48px)] text-ink-2">{t('ranking.nobody')}</p>;
  const rest = places.slice(3, shown);
  return (
    <div
      className={cx('grid min-h-0 flex-1 gap-[max(10px,2vw)]', rest.length > 0 && 'desk:grid-cols-[2fr_3fr]')}
    >
      <ol aria-label={t('ranking.first_three')} className="flex min-h-0 flex-col gap-[1.6vh]">
        {places.slice(0, 3).map((one, n) => (
          <Large key={subjectOf(one).id ?? n} {...{ one, n, measure }} isOwn={one.member?.id === me} />
        ))}
      </ol>
      {rest.length > 0 && (
        <ol start={4} aria-label={t('ranking.others')} className="flex min-h-0 flex-col gap-[0.8vh]">
          {rest.map((one) => (
            <Small
              key={subjectOf(one).id}
              {...{ one, measure, by }}
              first={places[0]}
              isOwn={one.member?.id === me}
            />
          ))}
        </ol>
      )}
    </div>
  );
}

interface LineProps {
  one: Place;
  measure: string;
  isOwn: boolean;
}

function Large({ one, n, measure, isOwn }: LineProps & { n: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const who = subjectOf(one);
  return (
    <li
      className={cx(
        'relative flex min-h-0 items-center gap-[1.2vw] overflow-hidden rounded-lg border border-line px-[max(16px,1.6vw)] py-3',
        n === 0 ? 'flex-[1.35]' : 'flex-1',
        isOwn ? 'bg-accent-wash' : 'bg-panel',
      )}
    >
      <span
        aria-hidden="true"
        className="absolute inset-y-0 left-0 w-1.5"
        style={{ background: metals[n] }}
      />
      <span
        className="figures w-[1.4em] text-center text-[clamp(28px,3.4vw,72px)] font-semibold"
        style={{ color: metals[n] }}
      >
        {isPlaced(one) ? one.place : '–'}
      </span>
      <Avatar name={who.label ?? ''} size={64} isGroup={!one.member} className="max-desk:hidden" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-[clamp(18px,1.9vw,42px)]/[1.3] font-semibold">{who.label}</p>
        <p className="truncate text-[clamp(13px,1vw,22px)]/[1.4] text-ink-2">
          {one.member ? one.department?.label : ''}
        </p>
      </div>
      <div className="text-right">
        <p
          className={cx(
            'figures font-semibold',
            n === 0 ? 'text-[clamp(22px,2.4vw,54px)]/[1.25]' : 'text-[clamp(20px,2vw,46px)]/[1.25]',
          )}
        >
          {figureText(measure, one.actual, formats)}
        </p>
        <p className="flex items-center justify-end gap-3 text-[clamp(13px,1vw,22px)]/[1.4] text-ink-2">
          {one.rate !== null && <span className="figures">{t('ranking.rate', { rate: one.rate })}</span>}
          {isPlaced(one) && <Moved one={one} isLarge />}
        </p>
      </div>
    </li>
  );
}

function Small({
  one,
  measure,
  first,
  by,
  isOwn,
}: LineProps & { first: Place | undefined; by: RowsProps['by'] }) {
  const formats = useFormats();
  const who = subjectOf(one);
  return (
    <li
      className={cx(
        'relative flex min-h-10 flex-1 items-center gap-[max(8px,1vw)] overflow-hidden rounded-md px-[max(12px,1.2vw)]',
        'max-h-[9vh] text-[clamp(16px,1.5vw,34px)]/[1.3]',
        isOwn ? 'bg-accent-wash' : 'bg-panel',
      )}
    >
      <span
        aria-hidden="true"
        className="absolute inset-x-0 bottom-0 h-[3px] origin-left bg-accent"
        style={{ transform: `scaleX(${partOf(one, first, by)})` }}
      />
      <span className="figures w-[1.6em] text-right text-ink-2">{isPlaced(one) ? one.place : '–'}</span>
      <span className="min-w-0 flex-1 truncate font-medium">
        {who.label}
        {one.member && (
          <span className="ml-[0.8em] text-[0.7em] font-normal text-ink-2 max-desk:hidden">
            {one.department?.label}
          </span>
        )}
      </span>
      {by === 'rate' && one.rate !== null && (
        <span className="figures text-[0.75em] text-ink-2">{one.rate}%</span>
      )}
      <span className="figures font-semibold">{figureText(measure, one.actual, formats)}</span>
      <span className="w-[4.5em] text-right text-[0.75em] max-desk:hidden">
        {isPlaced(one) && <Moved one={one} isLarge />}
      </span>
    </li>
  );
}
