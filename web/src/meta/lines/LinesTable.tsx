// The lines of a record as they are read, on its page.
import { Link } from '@tanstack/react-router';
import { Pencil, Square, SquareCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { buttonClass } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { Table } from '@/ui/Table';
import { type Contexts, may, useContexts } from '../context';
import { useRegionName } from '../data';
import { canEdit, isEmpty, isFigure, typeOf, valueText } from '../fields';
import { FactValue } from '../fields/Value';
import { leadsOf } from '../leads';
import { paths } from '../paths';
import { isOpen } from '../settled';
import { isSummed, keyOf, type Line, type LinesField, linesOf, sumOf } from './lines';

interface LinesTableProps {
  entity: Entity;
  field: LinesField;
  row: Row;
}

export default function LinesTable({ entity, field, row }: LinesTableProps) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const shared = useContexts(useRegionName(field.columns.some((column) => column.type === 'region')));
  const contexts = typeof row.currency === 'string' ? { ...shared, currency: row.currency } : shared;
  const lines = linesOf(row[field.key]);
  // What no line has takes no room.
  const columns = field.columns.filter(
    (column) =>
      !field.aside.includes(column.key) &&
      lines.some((line) => !isEmpty(line[column.key])) &&
      !repeats(column, field.columns, lines),
  );
  const name = contexts.label(field.label);
  return (
    <ScrollArea label={name} className="flex-1 px-4 py-4 desk:px-6 desk:py-5">
      <div className="mb-3 flex items-center gap-2">
        <p className="mr-auto text-meta text-ink-3">{t('lines.count', { count: lines.length })}</p>
        {may(entity, 'update') && isOpen(entity, row, field.key) && field.columns.some(canEdit) && (
          <Link to={paths.edit(entity.name, row.id)} className={buttonClass('plain')}>
            <Pencil size={14} aria-hidden="true" />
            {t('lines.edit')}
          </Link>
        )}
      </div>
      {lines.length === 0 && <p className="py-4 text-ink-3">{t('lines.empty', { name })}</p>}
      {lines.length > 0 &&
        (isPhone ? (
          <Cards {...{ field, lines, contexts }} />
        ) : (
          <>
            <Table
              label={name}
              rows={lines}
              rowKey={keyOf}
              isDense
              columns={columns.map((column) => ({
                key: column.key,
                name: contexts.label(column.label),
                isFigure: isFigure(column),
                cell: (line: Line) => <Cell {...{ column, line, contexts }} />,
              }))}
            />
            {lines.length > 1 && <Totals {...{ columns, lines, contexts }} />}
          </>
        ))}
    </ScrollArea>
  );
}

/** What is read as one word. */
const unbroken = new Set(['date', 'instant', 'time', 'auto_number']);

/** Whether a column says of every line what another one that fills it says: the name of its product. */
function repeats(column: Field, columns: Field[], lines: Line[]): boolean {
  const lead = columns.find((one) => one.type === 'reference' && leadsOf(one).includes(column.key));
  if (!lead || column.type !== 'text') return false;
  return lines.every((line) => (line[lead.key] as { label?: string } | null)?.label === line[column.key]);
}

type PartProps = { field: LinesField; lines: Line[]; contexts: Contexts };

function Cell({ column, line, contexts }: { column: Field; line: Line; contexts: Contexts }) {
  const value = line[column.key];
  if (column.type === 'switch') return <Mark isOn={value === true} contexts={contexts} />;
  if (isEmpty(value)) return null;
  const context = { ...contexts, field: column, row: line };
  const shown = <FactValue value={value} context={context} />;
  if (isFigure(column)) return shown;
  // Codes and short words stay in one line, what is longer has room for some.
  const text = valueText(value, context);
  return (
    <span
      className={cx(
        'block',
        text.length <= 6 || isCode.test(text) || unbroken.has(column.type) ? 'whitespace-nowrap' : 'min-w-20',
      )}
    >
      {shown}
    </span>
  );
}

const isCode = /^[\w./-]{1,24}$/;

/** Yes or no, to be told apart at a glance in a column of them. */
function Mark({ isOn, contexts: { t } }: { isOn: boolean; contexts: Contexts }) {
  const Sign = isOn ? SquareCheck : Square;
  return (
    <span className={isOn ? 'text-accent-ink' : 'text-ink-3'}>
      <Sign size={16} aria-hidden="true" />
      <span className="sr-only">{t(isOn ? 'form.yes' : 'form.no')}</span>
    </span>
  );
}

/** A line on a phone: what it is of stands above, with its mark where it has one. */
function Cards({ field, lines, contexts }: PartProps) {
  const columns = field.columns.filter((column) => !repeats(column, field.columns, lines));
  const lead = columns.find((column) => column.type !== 'switch');
  const mark = columns[0]?.type === 'switch' ? columns[0] : undefined;
  return (
    <ul className="flex flex-col gap-2">
      {lines.map((line) => (
        <li key={keyOf(line)} className="rounded-md border border-line p-3">
          {lead && !isEmpty(line[lead.key]) && (
            <div className="mb-1 flex items-center gap-2 font-medium">
              {mark && <Mark isOn={line[mark.key] === true} contexts={contexts} />}
              <span className="min-w-0 flex-1 break-words">
                <FactValue value={line[lead.key]} context={{ ...contexts, field: lead, row: line }} />
              </span>
            </div>
          )}
          <dl className="flex flex-col gap-1">
            {columns
              .filter((column) => column !== lead && column !== mark)
              .filter((column) => !isEmpty(line[column.key]) && line[column.key] !== false)
              .map((column) => (
                <div key={column.key} className="flex gap-3">
                  <dt className="w-24 shrink-0 text-ink-3">{contexts.label(column.label)}</dt>
                  <dd className="min-w-0 flex-1 break-words">
                    <Cell {...{ column, line, contexts }} />
                  </dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** What is called a sum already is not called so twice: 价税合计. */
function sumName(name: string, { t }: Contexts): string {
  return /合计$|total$/i.test(name) ? name : t('lines.total_of', { name });
}

function Totals({ columns, lines, contexts }: Omit<PartProps, 'field'> & { columns: Field[] }) {
  // Amounts of several currencies come to nothing.
  if (new Set(lines.map((line) => line.currency ?? null)).size > 1) return null;
  const summed = columns.filter(isSummed);
  if (summed.length === 0) return null;
  return (
    <dl className="mt-2 flex flex-wrap justify-end gap-x-5 gap-y-1">
      {summed.map((column) => {
        const total = sumOf(lines.map((line) => line[column.key]));
        return (
          <div key={column.key} className="flex gap-2">
            <dt className="text-ink-3">{sumName(contexts.label(column.label), contexts)}</dt>
            <dd className="figures font-medium">
              {typeOf(column).text((column.type === 'number' ? Number(total) : total) as never, {
                ...contexts,
                field: column,
              })}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
