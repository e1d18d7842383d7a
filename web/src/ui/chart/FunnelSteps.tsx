import { type ChartProps, colorOf } from './series';

/** Steps in the middle, each as wide as what is left; the share of the step before beside it. */
export function FunnelSteps({ label, marks }: ChartProps) {
  const most = Math.max(...marks.map((mark) => mark.values[0] ?? 0), 0);
  return (
    <div role="img" aria-label={label} className="mx-auto flex max-w-3xl flex-col gap-1">
      {marks.map((mark, n) => {
        const value = mark.values[0] ?? 0;
        const before = n > 0 ? (marks[n - 1]?.values[0] ?? 0) : 0;
        return (
          <div
            key={mark.key}
            className="grid grid-cols-[112px_1fr_112px] items-center gap-3 max-desk:grid-cols-[80px_1fr_72px]"
          >
            <span className="truncate text-right text-ink-2">{mark.name}</span>
            <span className="relative flex h-8 items-center justify-center rounded-sm bg-sunken">
              <span
                className="absolute inset-y-0 rounded-sm"
                style={{
                  width: `${most > 0 ? Math.max((value / most) * 100, value > 0 ? 1 : 0) : 0}%`,
                  background: colorOf(0),
                  opacity: 0.9 - 0.08 * Math.min(n, 6),
                }}
              />
              <span className="figures relative rounded-sm bg-panel/85 px-1.5 text-meta font-medium text-ink">
                {mark.texts[0]}
              </span>
            </span>
            <span className="figures truncate text-meta text-ink-3">
              {before > 0 ? `→ ${((value / before) * 100).toFixed(0)}%` : ''}
            </span>
          </div>
        );
      })}
    </div>
  );
}
