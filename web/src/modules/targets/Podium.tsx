import { useTranslation } from 'react-i18next';
import { useFormats } from '@/meta/context';
import { Avatar } from '@/ui/Avatar';
import { cx } from '@/ui/cx';
import { Moved } from './Moved';
import { figureText, isPlaced, type Place, subjectOf } from './places';

interface PodiumProps {
  places: Place[];
  measure: string;
  isMine(one: Place): boolean;
}

/** Gold, silver, bronze: a hue beside the figure of the place. */
const metals = ['var(--dot-yellow)', 'var(--dot-gray)', 'var(--dot-orange)'];

/** The first three, the first in the middle and the highest where there is room. */
export function Podium({ places, measure, isMine }: PodiumProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const order = ['desk:order-2', 'desk:order-1', 'desk:order-3'];
  return (
    <ol aria-label={t('ranking.first_three')} className="grid items-end gap-3 desk:grid-cols-3">
      {places.slice(0, 3).map((one, n) => {
        const who = subjectOf(one);
        return (
          <li
            key={who.id ?? n}
            className={cx(
              'relative flex min-w-0 items-center gap-3 overflow-hidden rounded-md border border-line bg-panel p-4 desk:flex-col desk:gap-2 desk:px-4 desk:text-center',
              n === 0 ? 'desk:pt-6 desk:pb-8' : n === 1 ? 'desk:pt-5 desk:pb-6' : 'desk:py-4',
              isMine(one) && 'bg-accent-wash',
              order[n],
            )}
          >
            <span
              aria-hidden="true"
              className="absolute inset-x-0 top-0 h-1"
              style={{ background: isPlaced(one) ? metals[n] : 'var(--line)' }}
            />
            <Avatar name={who.label ?? ''} size={n === 0 ? 64 : 40} isGroup={!one.member} />
            <div className="min-w-0 flex-1 desk:w-full">
              <p className="truncate font-semibold" data-tip-cut="">
                {isPlaced(one) && <span className="figures text-ink-3">{one.place} </span>}
                {who.label}
                {isMine(one) && <span className="font-normal text-accent-ink"> · {t('ranking.me')}</span>}
              </p>
              {one.member && <p className="truncate text-meta text-ink-3">{one.department?.label}</p>}
            </div>
            <div className="min-w-0 text-right desk:text-center">
              <p className={cx('figures font-semibold', n === 0 ? 'text-hero' : 'text-title')}>
                {figureText(measure, one.actual, formats)}
              </p>
              <p className="flex items-center justify-end gap-2 text-meta text-ink-2 desk:justify-center">
                {one.rate !== null && (
                  <span className="figures">{t('ranking.rate', { rate: one.rate })}</span>
                )}
                {isPlaced(one) && <Moved one={one} />}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
