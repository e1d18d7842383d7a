import { type ChartProps, colorOf } from './series';

/** Steps in the middle, each as wide as what is left; beside it how much that is, and of the step before. */
export function FunnelSteps({ label, marks }: ChartProps) {
  const most = Math.max(...marks.map((mark) => mark.values[0] ?? 0), 0);
  return (
    <div role="img" aria-label={label} className="mx-auto flex w-full max-w-4xl flex-col gap-1">
      {marks.map((mark, n) => {
        const value = mark.values[0] ?? 0;
        const before = n > 0 ? (marks[n - 1]?.values[0] ?? 0) : 0;
        const width = most > 0 ? Math.max((value / most) * 100, value > 0 ? 1 : 0) : 0;
        return (
          <div
            key={mark.key}
            className="grid grid-cols-[112px_1fr_168px] items-center gap-3 max-desk:grid-cols-[72px_1fr_112px]"
          >
            <span className="truncate text-right text-ink-2">{mark.name}</span>
            <span className="flex h-8 justify-center rounded-sm bg-sunken">
              <span
                className="rounded-sm"
                style={{ width: `${width}%`, background: colorOf(0), opacity: 1 - 0.09 * Math.min(n, 6) }}
              />
            </span>
            <span className="figures flex items-baseline gap-2 truncate">
              <span className="font-medium">{mark.texts[0]}</span>
              {before > 0 && (
                <span className="text-meta text-ink-3">↓ {((value / before) * 100).toFixed(0)}%</span>
              )}
            </span>
          </div>
        );
      })}
    </div>
  );
}
