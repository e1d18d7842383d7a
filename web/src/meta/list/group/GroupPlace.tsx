// A list whose rows stand in groups, each with its count and its sums; the rows of
// a group are fetched when it is opened. Fetched when a list is first grouped.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { type CSSProperties, type MouseEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Entity, Field, Page, Row } from '@/api/types';
import { decimalText } from '@/lib/format';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { ScrollArea } from '@/ui/ScrollArea';
import { WaitingLines } from '@/ui/states';
import { type Contexts, fieldsOf } from '../../context';
import type { ListQuery } from '../../data';
import { isFigure, marksOf, valueText } from '../../fields';
import { CellValue } from '../../fields/Value';
import { ProblemNotice } from '../../ProblemNotice';
import { paths } from '../../paths';
import { keyOf } from '../board/columns';
import { gridTemplate } from '../useWidths';
import { type GroupRow, groupFilter, groupsOf, inOptionOrder } from './groups';

interface GroupPlaceProps {
  entity: Entity;
  group: string;
  columns: string[];
  query: ListQuery;
  contexts: Contexts;
  pulled: Record<string, number>;
  isKnown: boolean;
  peek: string | undefined;
  onPeek?(id: string, toggle: boolean): void;
  onCount(count: number | undefined): void;
}

/** The API's limit of measures in one question, less the count. */
const mostSums = 7;

export default function GroupPlace(props: GroupPlaceProps) {
  const { entity, group, columns, query, contexts, pulled, isKnown, onPeek, onCount } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [key = '', unit = ''] = group.split(':');
  const known = fieldsOf(entity);
  const field = known.get(key);
  const fields = columns.flatMap((one) => known.get(one) ?? []);
  const figures = fields
    .filter((one) => one.measures.includes('sum') && one.type !== 'percent')
    .slice(0, mostSums);
  const currency = known.get('currency');
  const hasCurrency =
    figures.some((one) => one.type === 'money') && currency?.groupable === true && key !== 'currency';
  const asked = {
    filter: query.filter ?? '',
    group: hasCurrency ? [group, 'currency'] : [group],
    measures: ['count', ...figures.map((one) => `sum:${one.key}`)],
  };
  const found = useQuery({
    queryKey: ['records', entity.name, 'groups', asked],
    queryFn: () => post<{ rows: unknown[][]; truncated: boolean }>(`records/${entity.name}/aggregate`, asked),
    enabled: isKnown && field !== undefined,
    placeholderData: (old, oldQuery) => (oldQuery?.queryKey[1] === entity.name ? old : undefined),
  });
  const unsorted = groupsOf(found.data?.rows ?? [], figures, hasCurrency);
  const groups = field && !unit ? inOptionOrder(unsorted, field) : unsorted;
  const total = found.data ? groups.reduce((sum, one) => sum + one.count, 0) : undefined;
  useEffect(() => onCount(total), [onCount, total]);
  if (!field) return null;
  if (found.isError) return <ProblemNotice error={found.error} retry={() => found.refetch()} />;
  if (!found.data) return <WaitingLines lines={10} />;
  const template = gridTemplate(entity, columns, pulled, false);
  const style = { '--columns': template.columns, minWidth: template.least } as CSSProperties;

  /** One listener for all rows: a press looks at a record beside the list, or opens it. */
  function press(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-id]');
    const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isOwn) return;
    event.preventDefault();
    if (onPeek && event.detail === 1) onPeek(link.dataset.id ?? '', false);
    else void navigate({ to: link.getAttribute('href') ?? '/' });
  }

  function toggle(one: string) {
    const next = new Set(open);
    if (!next.delete(one)) next.add(one);
    setOpen(next);
  }

  return (
    <ScrollArea label={t('list.rows')} className="flex-1">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only listens for the links inside, which have keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens for the links inside */}
      <div style={style} onClick={press}>
        <div
          aria-hidden="true"
          className="sticky top-0 z-10 grid h-8 items-center border-b border-line bg-panel text-meta text-ink-3"
          style={columnsStyle}
        >
          {fields.map((one, i) => (
            <span
              key={one.key}
              className={cx('truncate px-3', i === 0 && 'pl-9', isFigure(one) && 'text-right')}
            >
              {contexts.label(one.label)}
            </span>
          ))}
        </div>
        <ul>
          {groups.map((one) => {
            const id = keyOf(one.value);
            return (
              <li key={id}>
                <GroupHead
                  {...{ group: one, field, unit, fields, contexts }}
                  isOpen={open.has(id)}
                  onToggle={() => toggle(id)}
                />
                {open.has(id) && (
                  <GroupRows
                    {...props}
                    fields={fields}
                    filter={groupFilter(query.filter, field, unit, one.value)}
                    count={one.count}
                  />
                )}
              </li>
            );
          })}
        </ul>
        {found.data.truncated && <p className="p-3 text-meta text-ink-3">{t('list.group_cut')}</p>}
      </div>
    </ScrollArea>
  );
}

const columnsStyle = { gridTemplateColumns: 'var(--columns)' };

interface HeadProps {
  group: GroupRow;
  field: Field;
  unit: string;
  fields: Field[];
  contexts: Contexts;
  isOpen: boolean;
  onToggle(): void;
}

/** The line of a group: what it is, how many, and the sums under their columns. */
function GroupHead({ group, field, unit, fields, contexts, isOpen, onToggle }: HeadProps) {
  const { t } = useTranslation();
  const context = { ...contexts, field };
  const hasRoom = (i: number) => i > 1 && !group.sums.has(fields[i - 1]?.key ?? '');
  const [mark] = (unit ? undefined : marksOf(group.value, context)) ?? [];
  const name =
    group.value === null
      ? t('board.none', { name: contexts.label(field.label) })
      : unit
        ? String(group.value)
        : valueText(group.value, context);
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="grid h-9 w-full items-center border-b border-line bg-sunken text-left hover:bg-hover focus-visible:outline-offset-[-2px]"
      style={columnsStyle}
    >
      {fields.map((one, i) => {
        if (i === 0)
          return (
            <span key={one.key} className="flex min-w-0 items-center gap-2 pl-3">
              <ChevronRight
                size={14}
                aria-hidden="true"
                className={cx('shrink-0 text-ink-3', isOpen && 'rotate-90')}
              />
              {mark?.dot && <Dot color={mark.dot} />}
              <span className="truncate font-medium">{name}</span>
              <span className="figures shrink-0 text-meta text-ink-3">{decimalText(group.count)}</span>
            </span>
          );
        const sums = group.sums.get(one.key);
        return (
          <span
            key={one.key}
            // A sum may be longer than its column: where nothing stands before it, it takes that room.
            className={cx(
              'figures px-3 text-right text-meta whitespace-nowrap text-ink-2',
              hasRoom(i) ? 'flex justify-end' : 'truncate',
            )}
            data-tip-cut=""
          >
            {sums && <span className="sr-only">{contexts.label(one.label)} </span>}
            {sums
              ?.map(({ value, currency }) =>
                valueText(value, { ...contexts, field: one, row: currency ? { currency } : undefined }),
              )
              .join(' · ')}
          </span>
        );
      })}
    </button>
  );
}

interface RowsProps extends GroupPlaceProps {
  fields: Field[];
  filter: string;
  count: number;
}

function GroupRows({ entity, fields, query, filter, contexts, peek, count }: RowsProps) {
  const { t } = useTranslation();
  const page = useInfiniteQuery({
    queryKey: ['records', entity.name, 'group', query.sort, query.fields, filter],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Row>>(
        `records/${entity.name}`,
        { filter, sort: query.sort, fields: query.fields, limit: 50, cursor: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more && last.next ? last.next : undefined),
  });
  const rows = page.data?.pages.flatMap((one) => one.items) ?? [];
  if (page.isPending) return <WaitingLines lines={Math.min(count, 3)} />;
  if (page.isError && rows.length === 0)
    return <ProblemNotice error={page.error} retry={() => page.refetch()} />;
  return (
    <>
      <ul>
        {rows.map((row) => (
          <li
            key={row.id}
            data-row=""
            data-id={row.id}
            className={cx(
              'relative grid h-(--row) items-center border-b border-line hover:bg-hover',
              peek === row.id && 'bg-accent-wash',
            )}
            style={columnsStyle}
          >
            {fields.map((field, i) => {
              const context = { ...contexts, field, row };
              return (
                <span
                  key={field.key}
                  className={cx(
                    'min-w-0 truncate px-3',
                    i === 0 && 'pl-9',
                    isFigure(field) && 'figures text-right',
                  )}
                  data-tip-cut=""
                >
                  {field.key === entity.title ? (
                    <a
                      data-id={row.id}
                      href={paths.record(entity.name, row.id)}
                      className="font-medium after:absolute after:inset-0"
                    >
                      {valueText(row[field.key], context) || t('field.untitled')}
                    </a>
                  ) : (
                    <CellValue value={row[field.key]} context={context} />
                  )}
                </span>
              );
            })}
          </li>
        ))}
      </ul>
      {page.hasNextPage && (
        <button
          type="button"
          onClick={() => page.fetchNextPage()}
          className="sticky left-0 h-9 px-9 text-meta text-accent-ink hover:underline"
        >
          {t('list.group_more', { n: decimalText(count - rows.length) })}
        </button>
      )}
    </>
  );
}
