import { cx } from '../cx';
import { type ChartProps, colorOf } from './series';

/** Lying bars: one a row, its series on top of one another. For rankings and parts of a whole. */
export function Bars({ label, series, marks }: ChartProps) {
  const most = Math.max(...marks.map((mark) => mark.values.reduce((sum, n) => sum + Math.max(n, 0), 0)), 0);
  const isOne = series.length === 1;
  return (
    <div role="img" aria-label={label} className="grid grid-cols-[minmax(72px,max-content)_1fr] gap-x-3">
      {marks.map((mark) => (
        <div key={mark.key} className="col-span-2 grid grid-cols-subgrid items-center py-[3px]">
          <span className="max-w-44 truncate text-right text-meta text-ink-2 max-desk:max-w-24">
            {mark.name}
          </span>
          <span className="flex min-w-0 items-center gap-2">
            <span
              className={cx('flex h-4 min-w-0', isOne ? 'flex-[0_1_auto]' : 'flex-1')}
              style={{ width: isOne ? `${share(mark.values[0] ?? 0, most) * 0.78}%` : undefined }}
            >
              {mark.values.map((value, n) => (
                <span
                  key={series[n]}
                  className="h-full first:rounded-l-[2px] last:rounded-r-[2px]"
                  style={{ width: isOne ? '100%' : `${share(value, most)}%`, background: colorOf(n) }}
                />
              ))}
            </span>
            {isOne && <span className="figures shrink-0 text-meta text-ink-2">{mark.texts[0]}</span>}
          </span>
        </div>
      ))}
    </div>
  );
}

const share = (value: number, of: number) => (of > 0 ? (Math.max(value, 0) / of) * 100 : 0);
