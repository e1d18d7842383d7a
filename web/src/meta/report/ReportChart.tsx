// A report's figures drawn. Every figure is in the table below too, in full.
import { useTranslation } from 'react-i18next';
import type { Chart, Field, Report } from '@/api/types';
import { Bars } from '@/ui/chart/Bars';
import { FunnelSteps } from '@/ui/chart/FunnelSteps';
import { Plot } from '@/ui/chart/Plot';
import { colorOf, type Mark } from '@/ui/chart/series';
import { type Contexts, useLabel } from '../context';
import { valueText } from '../fields';
import { drawn, inTime, type Line, largest, nameField, type Section } from './report';

/** How many rows lying bars draw: the largest. The table has all. */
const mostBars = 12;

interface ChartProps {
  report: Report;
  chart: Chart;
  section: Section;
  contexts: Contexts;
  asked: Line;
}

export function ReportChart({ report, chart, section, contexts, asked }: ChartProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = chart.of.flatMap((key) => report.columns.find((field) => field.key === key) ?? []);
  // What has a place in time stands in a row; what has none lies one below the other.
  const first = section.rows[0]?.line;
  const isTime = first !== undefined && nameField(report.columns, chart.by, first)?.type === 'text';
  const kind =
    chart.kind === 'funnel' ? 'funnel' : !isTime ? 'bars' : chart.kind === 'lines' ? 'lines' : 'columns';
  const rows =
    kind !== 'bars'
      ? inTime(section.rows, report.columns, chart.by)
      : section.rows.length <= mostBars
        ? section.rows
        : largest(section.rows, chart.of, mostBars);
  const text = (field: Field, line: Line) =>
    valueText(line[field.key], { ...contexts, field, row: { ...asked, ...line } });
  const marks: Mark[] = rows.map(({ line }, n) => {
    const by = nameField(report.columns, chart.by, line);
    return {
      key: String(n),
      name: (by && text(by, line)) || t('report.none'),
      values: fields.map((field) => drawn(line[field.key])),
      texts: fields.map((field) => text(field, line)),
    };
  });
  const series = fields.map((field) => label(field.label));
  const isShare = fields.every((field) => field.type === 'percent');
  const shared = { label: t('report.chart', { name: label(report.label) }), series, marks };
  const short = new Intl.NumberFormat(contexts.locale, { notation: 'compact', maximumFractionDigits: 1 });
  return (
    <div className="flex flex-col gap-3">
      {series.length > 1 && kind !== 'funnel' && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-meta text-ink-2">
          {series.map((name, n) => (
            <li key={name} className="flex items-center gap-1.5">
              <span className="size-2.5 rounded-[2px]" style={{ background: colorOf(n) }} />
              {name}
            </li>
          ))}
        </ul>
      )}
      {kind === 'funnel' ? (
        <FunnelSteps {...shared} />
      ) : kind !== 'bars' ? (
        <Plot {...shared} kind={kind} scale={(value) => `${short.format(value)}${isShare ? '%' : ''}`} />
      ) : (
        <Bars {...shared} />
      )}
      {rows.length < section.rows.length && (
        <p className="text-meta text-ink-3">{t('report.first', { count: rows.length })}</p>
      )}
    </div>
  );
}
