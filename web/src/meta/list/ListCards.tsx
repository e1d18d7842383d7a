import { useTranslation } from 'react-i18next';
import type { Field, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { WaitingLines } from '@/ui/states';
import { type Contexts, fieldsOf } from '../context';
import { valueText } from '../fields';
import { CellValue } from '../fields/Value';
import { paths } from '../paths';
import type { ListGridProps } from './ListGrid';
import { useRowLinks } from './useRowLinks';
import { useVirtualRows } from './useVirtualRows';

/** The list on a phone: each record in two lines. */
export function ListCards({
  entity,
  columns,
  rows,
  contexts,
  isWaiting,
  isStale,
  hasMore,
  onMore,
}: ListGridProps) {
  const { t } = useTranslation();
  const known = fieldsOf(entity);
  const chosen = entity.layout.card?.length ? entity.layout.card : columns;
  const others = chosen.filter((key) => key !== entity.title).flatMap((key) => known.get(key) ?? []);
  const title = known.get(entity.title);
  const { scroller, virtual, items } = useVirtualRows(rows.length, 64, hasMore, onMore);
  useRowLinks(scroller);
  if (isWaiting) return <WaitingLines lines={10} />;
  return (
    <ScrollArea boxRef={scroller} label={t('list.rows')} className="flex-1">
      <ul className={cx('relative', isStale && 'opacity-60')} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <li
              key={row.id}
              className="absolute inset-x-0 h-16 border-b border-line"
              style={{ top: 0, transform: `translateY(${item.start}px)` }}
            >
              <a
                href={paths.record(entity.name, row.id)}
                data-to
                className="flex h-full flex-col justify-center px-4 active:bg-pressed"
              >
                <span className="truncate text-[15px]/[22px] font-medium">
                  {(title && valueText(row[title.key], { ...contexts, field: title, row })) ||
                    t('field.untitled')}
                </span>
                <SecondLine {...{ others, row, contexts }} />
              </a>
            </li>
          );
        })}
      </ul>
    </ScrollArea>
  );
}

function SecondLine({ others, row, contexts }: { others: Field[]; row: Row; contexts: Contexts }) {
  const filled = others
    .filter((field) => valueText(row[field.key], { ...contexts, field, row }) !== '')
    .slice(0, 3);
  return (
    <span className="flex min-w-0 items-center gap-2 truncate text-meta text-ink-3">
      {filled.map((field, i) => (
        <span key={field.key} className="flex min-w-0 items-center gap-2">
          {i > 0 && <span aria-hidden="true" className="size-0.5 shrink-0 rounded-full bg-ink-3" />}
          <span className="truncate">
            <CellValue value={row[field.key]} context={{ ...contexts, field, row }} />
          </span>
        </span>
      ))}
    </span>
  );
}
