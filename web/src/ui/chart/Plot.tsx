import { useId, useState } from 'react';
import { useIsPhone } from '@/lib/media';
import { type ChartProps, colorOf, ticks } from './series';

interface PlotProps extends ChartProps {
  /** Lines, or columns standing on one another. */
  kind: 'lines' | 'columns';
  /** A mark of the scale as people read it: 12万, 1.2M. */
  scale(value: number): string;
}

const height = 260;
const bottom = 28;
const top = 10;

/** How something went: lines or columns over a row of names. The figures of one name stand in a box when it is pointed at. */
export function Plot({ label, series, marks, kind, scale }: PlotProps) {
  const [at, setAt] = useState<number | null>(null);
  const clip = useId();
  // On a phone a narrower drawing, so that its words keep their size.
  const isPhone = useIsPhone();
  const [width, left] = isPhone ? [380, 52] : [960, 64];
  const sums = marks.map((mark) =>
    kind === 'columns' ? mark.values.reduce((sum, n) => sum + Math.max(n, 0), 0) : Math.max(...mark.values),
  );
  const least = Math.min(...marks.flatMap((mark) => mark.values), 0);
  const steps = ticks(least, Math.max(...sums, 0));
  const [low, high] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  const band = (width - left - 8) / Math.max(marks.length, 1);
  const x = (n: number) => left + band * (n + 0.5);
  const y = (value: number) => top + (height - top - bottom) * (1 - (value - low) / (high - low));
  const every = Math.ceil(marks.length / Math.max(namesThatFit(marks, width - left - 8, isPhone), 1));
  // The last name ends at the edge where it would stand out over it.
  const overEdge = (n: number) => x(n) + wordWidth(marks[n]?.name ?? '', isPhone) / 2 > width - 2;
  const pointed = at === null ? undefined : marks[at];
  return (
    <div className="relative">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${height}`}
        className="h-auto w-full"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const place = ((event.clientX - box.left) / box.width) * width;
          const n = Math.floor((place - left) / band);
          setAt(n >= 0 && n < marks.length ? n : null);
        }}
        onPointerLeave={() => setAt(null)}
      >
        <clipPath id={clip}>
          <rect x={left} y={0} width={width - left} height={height} />
        </clipPath>
        {steps.map((step) => (
          <g key={step}>
            <line x1={left} x2={width - 8} y1={y(step)} y2={y(step)} stroke="var(--line)" />
            <text
              x={left - 8}
              y={y(step) + 4}
              textAnchor="end"
              className="figures fill-ink-3 text-[10.5px] max-desk:text-[13px]"
            >
              {scale(step)}
            </text>
          </g>
        ))}
        {marks.map((mark, n) =>
          n % every === 0 ? (
            <text
              key={mark.key}
              x={overEdge(n) ? width - 2 : x(n)}
              y={height - 8}
              textAnchor={overEdge(n) ? 'end' : 'middle'}
              className="fill-ink-3 text-[10.5px] max-desk:text-[13px]"
            >
              {mark.name}
            </text>
          ) : null,
        )}
        {at !== null && (
          <rect
            x={left + band * at}
            y={top}
            width={band}
            height={height - top - bottom}
            fill="var(--hover)"
          />
        )}
        <g clipPath={`url(#${clip})`}>
          {kind === 'columns'
            ? marks.map((mark, n) => (
                <Column
                  key={mark.key}
                  series={series}
                  mark={mark.values}
                  x={x(n)}
                  width={Math.min(band * 0.62, 44)}
                  y={y}
                />
              ))
            : series.map((name, s) => (
                <g key={name} stroke={colorOf(s)} fill={colorOf(s)}>
                  <polyline
                    fill="none"
                    strokeWidth={2}
                    strokeLinejoin="round"
                    points={marks.map((mark, n) => `${x(n)},${y(mark.values[s] ?? 0)}`).join(' ')}
                  />
                  {marks.map((mark, n) => (
                    <circle
                      key={mark.key}
                      cx={x(n)}
                      cy={y(mark.values[s] ?? 0)}
                      r={n === at ? 4 : 2.5}
                      stroke="none"
                    />
                  ))}
                </g>
              ))}
        </g>
      </svg>
      {pointed && at !== null && (
        <div
          className="floating pointer-events-none absolute top-1 z-2 px-3 py-2 text-meta"
          style={
            at > marks.length / 2
              ? { right: `${100 - (x(at - 0.5) / width) * 100}%` }
              : { left: `${(x(at + 0.5) / width) * 100}%` }
          }
        >
          <div className="mb-1 font-medium">{pointed.name}</div>
          {series.map((name, s) => (
            <div key={name} className="flex items-center gap-2 whitespace-nowrap">
              <span className="size-2 rounded-[2px]" style={{ background: colorOf(s) }} />
              <span className="text-ink-2">{name}</span>
              <span className="figures ml-auto pl-3">{pointed.texts[s]}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** About how wide a name is under the drawing: hanzi are twice as wide as letters. */
const wordWidth = (name: string, isPhone: boolean) =>
  [...name].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0) * (isPhone ? 7.4 : 6);

/** How many names stand side by side under the drawing. */
function namesThatFit(marks: ChartProps['marks'], room: number, isPhone: boolean) {
  const widest = Math.max(...marks.map(({ name }) => wordWidth(name, isPhone)), 6) + 16;
  return Math.min(Math.floor(room / widest), isPhone ? 5 : 12);
}

interface ColumnProps {
  series: string[];
  mark: number[];
  x: number;
  width: number;
  y(value: number): number;
}

function Column({ series, mark, x, width: wide, y }: ColumnProps) {
  let sum = 0;
  return mark.map((value, s) => {
    const from = sum;
    sum += Math.max(value, 0);
    return value > 0 ? (
      <rect
        key={series[s]}
        x={x - wide / 2}
        width={wide}
        y={y(sum)}
        height={Math.max(y(from) - y(sum), 0.5)}
        fill={colorOf(s)}
      />
    ) : null;
  });
}
