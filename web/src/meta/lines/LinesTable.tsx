// The lines of a record as they are read, on its page.
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { buttonClass } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { Table } from '@/ui/Table';
import { type Contexts, may, useContexts } from '../context';
import { useRegionName } from '../data';
import { canEdit, isEmpty, isFigure, typeOf } from '../fields';
import { FactValue } from '../fields/Value';
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
    (column) => !field.aside.includes(column.key) && lines.some((line) => !isEmpty(line[column.key])),
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
              columns={columns.map((column) => ({
                key: column.key,
                name: contexts.label(column.label),
                isFigure: isFigure(column),
                cell: (line: Line) => <Cell {...{ column, line, contexts }} />,
              }))}
            />
            <Totals {...{ field, lines, contexts }} />
          </>
        ))}
    </ScrollArea>
  );
}

/** What is read as one word. */
const unbroken = new Set(['date', 'instant', 'time', 'auto_number']);

type PartProps = { field: LinesField; lines: Line[]; contexts: Contexts };

function Cell({ column, line, contexts }: { column: Field; line: Line; contexts: Contexts }) {
  const value = line[column.key];
  if (isEmpty(value) || value === false) return null;
  const shown = <FactValue value={value} context={{ ...contexts, field: column, row: line }} />;
  if (isFigure(column)) return shown;
  return (
    <span className={cx('block min-w-20', unbroken.has(column.type) && 'whitespace-nowrap')}>{shown}</span>
  );
}

function Cards({ field, lines, contexts }: PartProps) {
  return (
    <ul className="flex flex-col gap-2">
      {lines.map((line) => (
        <li key={keyOf(line)} className="rounded-md border border-line p-3">
          <dl className="flex flex-col gap-1">
            {field.columns
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

function Totals({ field, lines, contexts }: PartProps) {
  // Amounts of several currencies come to nothing, and what no line has is not said to be nought.
  if (new Set(lines.map((line) => line.currency ?? null)).size > 1) return null;
  const summed = field.columns.filter(
    (column) =>
      isSummed(column) &&
      !field.aside.includes(column.key) &&
      lines.some((line) => !isEmpty(line[column.key])),
  );
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
