// What charts have in common: their data, and marks on a scale.

export interface Mark {
  key: string;
  name: string;
  /** By series; for drawing. */
  values: number[];
  /** By series, as people read them. */
  texts: string[];
}

export interface ChartProps {
  /** What it shows; read out. The figures themselves are in the table beside it. */
  label: string;
  series: string[];
  marks: Mark[];
}

/** The colour of a series; the palette is told apart by the colour-blind too. */
export const colorOf = (n: number) => `var(--series-${(n % 8) + 1})`;

/** Round marks from 0, or from below it, up to at least the greatest value: 4 or 5 of them. */
export function ticks(least: number, greatest: number): number[] {
  const span = Math.max(greatest, 0) - Math.min(least, 0);
  if (!(span > 0)) return [0, 1];
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10);
  const out: number[] = [];
  for (let n = Math.floor(Math.min(least, 0) / step); (n - 1) * step < Math.max(greatest, 0); n++) {
    out.push(Number((n * step).toPrecision(12)));
    if (out.length > 12) break;
  }
  return out;
}
