import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { WaitingLines } from '@/ui/states';
import { type Contexts, fieldsOf } from '../context';
import { isEmpty, isFigure, valueText } from '../fields';
import { CellValue } from '../fields/Value';
import { paths } from '../paths';
import type { ListGridProps } from './ListGrid';
import { choose, isChosen } from './selection';
import { useVirtualRows } from './useVirtualRows';
import { widthOf } from './useWidths';

const nothing = () => {};
/** Of a card, in pixels: h-16. */
const cardHeight = 64;

/** The list on a phone: each record in two lines. */
export function ListCards(props: ListGridProps) {
  const { entity, columns, rows, contexts, isWaiting, isStale, hasMore, onMore } = props;
  const { selection, onSelect, isChoosing } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const known = fieldsOf(entity);
  const chosen = entity.layout.card?.length ? entity.layout.card : columns;
  // How far a record is stands beside its name: the field whose columns its board has.
  const state = known.get(entity.layout.kanban ?? '');
  const others = chosen
    .filter((key) => key !== entity.title && key !== state?.key)
    .flatMap((key) => known.get(key) ?? []);
  const title = known.get(entity.title);
  const { scroller, first, last } = useVirtualRows(rows.length, cardHeight, hasMore, onMore);
  if (isWaiting) return <WaitingLines lines={10} />;

  // One listener for all cards: the router's own link in every row costs frames.
  function press(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLElement>('a[data-id]');
    const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isOwn) return;
    event.preventDefault();
    const id = link.dataset.id ?? '';
    if (isChoosing && selection && onSelect) onSelect(choose(selection, [id], !isChosen(selection, id)));
    else navigate({ to: link.getAttribute('href') ?? '/' });
  }

  return (
    <ScrollArea boxRef={scroller} label={t('list.rows')} className="flex-1">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only listens for the links inside, which have keys */}
      <ul
        className={cx('relative', isStale && 'opacity-60')}
        style={{ height: rows.length * cardHeight }}
        onClick={press}
      >
        {rows.slice(first, last + 1).map((row, i) => {
          const isPicked = isChoosing && selection ? isChosen(selection, row.id) : false;
          const name =
            (title && valueText(row[title.key], { ...contexts, field: title, row })) || t('field.untitled');
          return (
            <li
              key={row.id}
              className={cx(
                'absolute inset-x-0 flex h-16 border-b border-line',
                isPicked && 'bg-accent-wash',
              )}
              style={{ top: 0, transform: `translateY(${(first + i) * cardHeight}px)` }}
            >
              {isChoosing && (
                <label className="grid w-12 shrink-0 place-items-center">
                  <input
                    type="checkbox"
                    className="pick"
                    checked={isPicked}
                    aria-label={t('list.choose', { name })}
                    onChange={
                      selection && onSelect ? () => onSelect(choose(selection, [row.id], !isPicked)) : nothing
                    }
                  />
                </label>
              )}
              <a
                href={paths.record(entity.name, row.id)}
                data-id={row.id}
                className={cx(
                  'flex h-full min-w-0 flex-1 flex-col justify-center pr-4 active:bg-pressed',
                  !isChoosing && 'pl-4',
                )}
              >
                <span className="flex min-w-0 items-center gap-3">
                  <span className="min-w-0 flex-1 truncate text-[15px]/[22px] font-medium">{name}</span>
                  {state && row[state.key] != null && (
                    <span className="max-w-2/5 shrink-0 truncate text-meta text-ink-2">
                      <CellValue value={row[state.key]} context={{ ...contexts, field: state, row }} />
                    </span>
                  )}
                </span>
                <SecondLine {...{ others, row, contexts }} titleKey={entity.title} />
              </a>
            </li>
          );
        })}
      </ul>
    </ScrollArea>
  );
}

/** A number says nothing without its name, nor does a second amount; the first is what the record is worth. */
function isNamed(field: Field, all: Field[], row: Row): boolean {
  if (!isFigure(field)) return false;
  const { amount, result } = field.settings ?? {};
  const isAmount =
    field.type === 'money' || result === 'money' || amount?.in.includes(String(row[amount.field]));
  return !isAmount || all.find((one) => isFigure(one)) !== field;
}

interface SecondLineProps {
  others: Field[];
  row: Row;
  contexts: Contexts;
  titleKey: string;
}

function SecondLine({ others, row, contexts, titleKey }: SecondLineProps) {
  const filled = others
    // "Yes" says nothing without its name.
    .filter((field) => field.type !== 'switch')
    .filter((field) => !isEmpty(row[field.key]))
    // What is called by its day has it in its name.
    .filter((field) => field.type !== 'date' || row[field.key] !== row[titleKey])
    // A second amount that comes to nothing takes the room of what says something.
    .filter((field) => field.type !== 'money' || !isNamed(field, others, row) || Number(row[field.key]) !== 0)
    .slice(0, 3)
    .map((field) => {
      const name = isNamed(field, others, row) ? contexts.label(field.label) : '';
      return {
        field,
        name,
        isText: !isFigure(field),
        width: widthOf(name + valueText(row[field.key], { ...contexts, field, row })),
      };
    });
  // Where not all have room, names are cut and not the date or the figure beside them.
  const texts = filled.filter(({ isText }) => isText);
  const widest = Math.max(...(texts.length > 0 ? texts : filled).map(({ width }) => width));
  const gives = ({ width, isText }: (typeof filled)[number]) =>
    width === widest || (width > 144 && (isText || texts.length === 0));
  return (
    <span className="flex min-w-0 items-center gap-2 overflow-hidden text-meta whitespace-nowrap text-ink-3">
      {filled.map((one, i) => (
        <span
          key={one.field.key}
          className={cx('flex items-center gap-2', gives(one) ? 'min-w-0' : 'shrink-0')}
        >
          {i > 0 && <span aria-hidden="true" className="size-0.5 shrink-0 rounded-full bg-ink-3" />}
          <span className="truncate">
            {one.name && `${one.name} `}
            <CellValue value={row[one.field.key]} context={{ ...contexts, field: one.field, row }} />
          </span>
        </span>
      ))}
    </span>
  );
}
