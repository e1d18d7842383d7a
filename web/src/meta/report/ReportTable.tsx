// The figures of a report. Each that has a list behind it is a link to it.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Field, Report } from '@/api/types';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { type Contexts, useLabel, useMeta } from '../context';
import { isEmpty, isFigure, valueText } from '../fields';
import { CellValue } from '../fields/Value';
import { paths } from '../paths';
import {
  type Answer,
  drawn,
  evened,
  farOf,
  type Line,
  type Place,
  type Section,
  sectionsOf,
  shownColumns,
} from './report';

interface TableProps {
  report: Report;
  answer: Answer;
  contexts: Contexts;
  asked: Line;
}

const headClass =
  'sticky top-0 z-1 h-8 border-b border-line bg-sunken px-3 text-meta font-medium whitespace-nowrap text-ink-3';
const nameClass =
  'max-desk:line-clamp-2 max-desk:w-max max-desk:max-w-32 max-desk:whitespace-normal print:!line-clamp-none print:!w-auto print:!max-w-none';
const cellClass = 'h-(--row) border-b border-line px-3 py-1 whitespace-nowrap';

export function ReportTable({ report, answer, contexts, asked }: TableProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = shownColumns(report, answer);
  const sections = sectionsOf(report, answer);
  return (
    <ScrollArea
      label={label(report.label)}
      className="rounded-md border border-line print:overflow-visible print:rounded-none print:border-0"
    >
      <table className="w-full border-separate border-spacing-0 text-left">
        <thead>
          <tr>
            {columns.map((field, n) => (
              <th
                key={field.key}
                scope="col"
                className={cx(headClass, isFigure(field) && 'text-right', n === 0 && 'left-0 z-2')}
                data-tip={label(field.help) || undefined}
              >
                {label(field.label)}
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={section.currency ?? ''}>
            {sections.length > 1 && (
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={columns.length}
                  className="h-8 border-b border-line bg-panel px-3 pt-2 text-left font-semibold"
                >
                  {t('report.in', { currency: section.currency ?? t('report.none') })}
                </th>
              </tr>
            )}
            <SectionRows {...{ columns, section, contexts, asked }} />
          </tbody>
        ))}
      </table>
    </ScrollArea>
  );
}

interface RowsProps extends Omit<TableProps, 'report' | 'answer'> {
  columns: Field[];
  section: Section;
}

/** The rows of one currency, and what they come to; the points of a column's figures stand below one another. */
function SectionRows({ columns, section, contexts, asked }: RowsProps) {
  const { t } = useTranslation();
  const [fields, even] = evened(columns, section);
  const total = section.total && even(section.total);
  const far = total && farOf(fields, total);
  const side = (field: Field) => isFigure(field) && 'figures text-right';
  return (
    <>
      {section.rows.map(({ line, opens }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are what the server says, in its order
        <tr key={n} className="group/row hover:bg-hover">
          {fields.map((field, place) => (
            <td
              key={field.key}
              className={cx(
                cellClass,
                side(field),
                place === 0 && 'sticky left-0 max-w-72 truncate bg-panel group-hover/row:bg-hover',
              )}
            >
              {/* A long name leaves a phone no room for figures: there it stands in two lines. */}
              <span className={place === 0 ? nameClass : undefined}>
                <Figure
                  field={field}
                  line={even(line)}
                  row={{ ...asked, ...line }}
                  opens={opens[field.key]}
                  contexts={contexts}
                  isName={place === 0}
                />
              </span>
            </td>
          ))}
        </tr>
      ))}
      {total && (
        <tr className="font-semibold">
          {fields.map((field, place) => (
            <td
              key={field.key}
              className={cx(cellClass, 'bg-sunken', side(field), place === 0 && 'sticky left-0')}
            >
              {place === 0 && isEmpty(total[field.key]) ? (
                <>
                  {t('report.total')}
                  {far && (
                    <span className="figures block desk:hidden print:hidden" aria-hidden="true">
                      <CellValue
                        value={total[far.key]}
                        context={{ ...contexts, field: far, row: { ...asked, ...total } }}
                      />
                    </span>
                  )}
                </>
              ) : isFigure(field) && drawn(total[field.key]) === 0 ? (
                !isEmpty(total[field.key]) && <Nought />
              ) : (
                <CellValue
                  value={total[field.key]}
                  context={{ ...contexts, field, row: { ...asked, ...total } }}
                />
              )}
            </td>
          ))}
        </tr>
      )}
    </>
  );
}

interface FigureProps {
  field: Field;
  line: Line;
  /** The line beside what was asked. */
  row: Line;
  opens: Place | undefined;
  contexts: Contexts;
  isName: boolean;
}

function Figure({ field, line, row, opens, contexts, isName }: FigureProps) {
  const { entities } = useMeta();
  const value = line[field.key];
  // A row without a day is named by what stands beside it.
  if (isEmpty(value))
    return isName && field.type !== 'date' ? (
      <span className="text-ink-3">{contexts.t('report.none')}</span>
    ) : null;
  // A nought among figures says nothing: what there is stands out.
  if (isFigure(field) && drawn(value) === 0)
    return <Nought text={valueText(value, { ...contexts, field, row })} />;
  const shown = <CellValue value={value} context={{ ...contexts, field, row }} />;
  const linked = 'rounded-sm hover:text-accent-ink hover:underline focus-visible:underline';
  if (opens && entities[opens.entity])
    return (
      <Link
        to={paths.list(opens.entity)}
        search={{ view: 'all', filter: opens.filter || 'all' } as never}
        className={linked}
      >
        {shown}
      </Link>
    );
  const ref = value as { id?: string | null };
  const target = field.settings?.target;
  if (field.type === 'reference' && target && entities[target] && ref.id)
    return (
      <Link to={paths.record(target, ref.id)} className={linked}>
        {shown}
      </Link>
    );
  return shown;
}

/** What came to nothing. */
function Nought({ text = '0' }: { text?: string }) {
  return (
    <span className="font-normal text-ink-3">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
