import { LoaderCircle } from 'lucide-react';
import { cx } from './cx';

interface ProgressProps {
  label: string;
  /** The name is only read out. */
  hideLabel?: boolean;
  /** How much of max is done; without it nobody knows how long it takes. */
  value?: number;
  max?: number;
  /** What the bar says at its right; else the percentage. */
  note?: string;
  tone?: 'accent' | 'danger';
  className?: string;
}

/** How far something is that takes a while. */
export function Progress({
  label,
  hideLabel,
  value,
  max = 100,
  note,
  tone = 'accent',
  className,
}: ProgressProps) {
  const part = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max));
  const percent = part === undefined ? undefined : Math.floor(part * 100);
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      {!hideLabel && (
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 flex-1 max-desk:line-clamp-2 desk:truncate">{label}</span>
          <span className="figures text-meta text-ink-3">
            {note ?? (percent === undefined ? '' : `${percent}%`)}
          </span>
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-1.5 overflow-hidden rounded-full bg-pressed"
      >
        <div
          className={cx(
            'h-full rounded-full transition-[width] duration-150',
            tone === 'danger' ? 'bg-danger' : 'bg-accent',
            part === undefined && 'passing w-1/3',
          )}
          style={part === undefined ? undefined : { width: `${part * 100}%` }}
        />
      </div>
    </div>
  );
}

/** Turns while something small is under way; what it belongs to says so in words. */
export function Spinner({ size = 14, className }: { size?: number; className?: string }) {
  return <LoaderCircle size={size} aria-hidden="true" className={cx('turning shrink-0', className)} />;
}
