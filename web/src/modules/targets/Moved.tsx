import { ArrowDown, ArrowUp, Minus, Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui/cx';
import { moved, type Place } from './places';

/** How many places somebody went up or down against the period before: an arrow, a figure, words. */
export function Moved({ one, isLarge }: { one: Place; isLarge?: boolean }) {
  const { t } = useTranslation();
  const by = moved(one);
  const size = isLarge ? 20 : 13;
  const look = cx('figures inline-flex items-center gap-0.5 whitespace-nowrap', !isLarge && 'text-meta');
  if (by === null)
    return (
      <span className={cx(look, 'text-accent-ink')}>
        <Sparkles size={size} aria-hidden="true" />
        {t('ranking.new')}
      </span>
    );
  const Arrow = by > 0 ? ArrowUp : by < 0 ? ArrowDown : Minus;
  const words = by > 0 ? 'ranking.up' : by < 0 ? 'ranking.down' : 'ranking.same';
  return (
    <span
      className={cx(look, by === 0 && 'text-ink-3')}
      style={by === 0 ? undefined : { color: by > 0 ? 'var(--gain)' : 'var(--loss)' }}
    >
      <Arrow size={size} aria-hidden="true" />
      <span aria-hidden="true">{by === 0 ? '' : Math.abs(by)}</span>
      <span className="sr-only">{t(words, { count: Math.abs(by) })}</span>
    </span>
  );
}
