// A list as a board. Fetched when a board is first shown.
import './board.css';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type MouseEvent, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { useCommands } from '@/lib/commands';
import { useIsPhone } from '@/lib/media';
import { Select } from '@/ui/Select';
import { Skeleton, Waiting } from '@/ui/states';
import { type Contexts, fieldsOf } from '../../context';
import type { ListQuery } from '../../data';
import { ProblemNotice } from '../../ProblemNotice';
import { limitsFrom, limitsText, type Shape } from '../query';
import { BoardColumn } from './BoardColumn';
import { BoardPhone } from './BoardPhone';
import { CardMenu, type OpenMenu } from './CardMenu';
import { type Board, type Column, keyOf } from './columns';
import { boardQuery, useBoard } from './useBoard';
import { useBoardKeys } from './useBoardKeys';
import { useDrag } from './useDrag';
import { useMove } from './useMove';
import { useNarrow } from './useNarrow';

const ActionDialog = lazy(() => import('../../record/ActionDialog'));
const LimitDialog = lazy(() => import('./LimitDialog'));

interface BoardPlaceProps {
  entity: Entity;
  shape: Shape;
  query: ListQuery;
  contexts: Contexts;
  isKnown: boolean;
  peek: string | undefined;
  onPeek?(id: string, toggle: boolean): void;
  onLimits(limits: string): void;
  onFilter(filter: string): void;
  /** How many records there are on all columns. */
  onCount(count: number | undefined): void;
  /** On a phone: the column on show. */
  column: string | undefined;
  onColumn(key: string): void;
}

/** A card that is being moved: by the pointer, or by keys. */
interface Lifted {
  row: Row;
  over: string | null;
  byKeys: boolean;
}

export default function BoardPlace(props: BoardPlaceProps) {
  const { entity, shape, contexts, isKnown, peek, onPeek, onLimits, onCount } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const field = fieldsOf(entity).get(shape.by);
  const narrow = useNarrow(entity, field, props.query.filter);
  const query = boardQuery(entity, { ...props.query, filter: narrow.filter }, shape.by, shape.sum);
  const board = useBoard(entity, query, isKnown && field !== undefined && narrow.isKnown);
  const mover = useMove(entity, field as NonNullable<typeof field>, query, contexts);
  const box = useRef<HTMLDivElement>(null);
  const rows = useRef(new Map<string, Row[]>());
  const [lifted, setLifted] = useState<Lifted | null>(null);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [limited, setLimited] = useState<Column | null>(null);
  const columns = board.data?.columns ?? [];
  const limits = limitsFrom(shape.limits);
  const total = board.data && !board.isPlaceholderData ? countOf(board.data) : undefined;
  useEffect(() => onCount(total), [onCount, total]);

  const rowOf = (id: string) => [...rows.current.values()].flat().find((row) => row.id === id);
  const columnAt = (key: string | null) => columns.find((one) => key !== null && keyOf(one.value) === key);
  const takes = (row: Row, column: Column) => ['patch', 'act'].includes(mover.way(row, column.value).kind);

  useDrag(
    box,
    {
      start(id) {
        const row = rowOf(id);
        if (row) setLifted({ row, over: null, byKeys: false });
      },
      over: (key) => setLifted((old) => old && { ...old, over: key }),
      end(key) {
        const column = columnAt(key);
        if (lifted && column) mover.move(lifted.row, column.value);
        setLifted(null);
      },
    },
    !isPhone,
  );
  useBoardKeys(
    box,
    {
      peek: (id) => onPeek?.(id, true),
      menu: (card) => openMenu(card),
      carry(id, step) {
        const row = lifted?.byKeys ? lifted.row : rowOf(id);
        if (!row) return false;
        const from = lifted?.byKeys ? lifted.over : keyOf(row[shape.by]);
        let at = columns.findIndex((one) => keyOf(one.value) === from) + step;
        while (
          columns[at] &&
          !takes(row, columns[at] as Column) &&
          keyOf(columns[at]?.value) !== keyOf(row[shape.by])
        )
          at += step;
        const next = columns[at];
        if (!next) return false;
        setLifted({ row, over: keyOf(next.value), byKeys: true });
        box.current
          ?.querySelector(`[data-column="${CSS.escape(keyOf(next.value))}"]`)
          ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        return true;
      },
      put(isDone) {
        if (!lifted?.byKeys) return false;
        const column = columnAt(lifted.over);
        if (isDone && column) mover.move(lifted.row, column.value);
        setLifted(null);
        return true;
      },
    },
    !isPhone,
  );
  useCommands(
    keys.map(([key, what]) => ({
      id: `board.${what}`,
      group: 'list',
      keys: key,
      name: t(`board.keys.${what}`),
    })),
  );

  function openMenu(card: HTMLElement) {
    const row = rowOf(card.dataset.card ?? '');
    if (row) setMenu({ row, anchor: card.querySelector('[data-card-menu]') ?? card });
  }

  /** One listener for all cards: links go by the router, the small button opens the menu. */
  function press(event: MouseEvent) {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>('[data-card]');
    if (!card) return;
    if (target.closest('[data-card-menu]')) return openMenu(card);
    const link = target.closest('a');
    const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isOwn) return;
    event.preventDefault();
    // A press with the mouse looks at the record beside the board, as the list does; Enter opens it.
    if (onPeek && event.detail === 1) onPeek(card.dataset.card ?? '', false);
    else void navigate({ to: link.getAttribute('href') ?? '/' });
  }

  if (!field) return null;
  if (board.isError && !board.data)
    return (
      <div className="p-4">
        <ProblemNotice error={board.error} retry={() => board.refetch()} />
      </div>
    );
  const drawn = (column: Column) => {
    const key = keyOf(column.value);
    return {
      entity,
      field,
      query,
      column,
      contexts,
      peek,
      sum: shape.sum,
      name: mover.name(column.value),
      lifted: lifted?.row.id,
      way: lifted ? mover.way(lifted.row, column.value) : undefined,
      refusal: lifted ? mover.refusal(lifted.row, column.value) : '',
      isOver: lifted !== null && lifted.over === key,
      limit: limits[key],
      onLimit: () => setLimited(column),
      onRows: (of: string, list: Row[]) => void rows.current.set(of, list),
    };
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for the links and buttons inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: links and buttons have their keys
    <div
      onClick={press}
      className="flex min-h-0 flex-1 flex-col"
      aria-busy={board.isPlaceholderData || undefined}
    >
      {narrow.choices.length > 1 && (
        <div className="flex shrink-0 items-center px-3 pt-3 max-desk:pb-2">
          <Select
            label={narrow.name}
            hideLabel
            items={narrow.choices}
            value={narrow.chosen}
            onChange={(id) => id && props.onFilter(narrow.filterFor(id))}
          />
        </div>
      )}
      {isPhone ? (
        <BoardPhone
          columns={columns}
          isWaiting={!board.data}
          shown={props.column}
          onShow={props.onColumn}
          drawn={drawn}
        />
      ) : (
        <div ref={box} className="flex min-h-0 flex-1 gap-2 overflow-x-auto overflow-y-hidden p-3">
          {board.data ? (
            columns.map((column) => <BoardColumn key={keyOf(column.value)} {...drawn(column)} />)
          ) : (
            <BoardWaiting />
          )}
          {board.data?.more && (
            <p className="w-40 shrink-0 p-3 text-meta text-ink-3">{t('board.more_columns')}</p>
          )}
        </div>
      )}
      <p role="status" className="sr-only">
        {lifted?.byKeys &&
          lifted.over !== null &&
          t('board.carried', {
            title: mover.title(lifted.row),
            to: mover.name(columnAt(lifted.over)?.value),
          })}
      </p>
      {menu && (
        <CardMenu
          menu={menu}
          entity={entity}
          mover={mover}
          columns={columns}
          onPeek={onPeek}
          onClose={() => {
            setMenu(null);
            menu.anchor.closest('[data-card]')?.querySelector('a')?.focus();
          }}
        />
      )}
      <Suspense>
        {mover.asked && (
          <ActionDialog
            entity={entity}
            row={mover.asked.row}
            action={mover.asked.action}
            given={mover.asked.given}
            said={mover.asked.missing}
            send={mover.asked.send}
            title={mover.asked.send && t('board.missing', { to: mover.name(mover.asked.value) })}
            onDone={mover.answered}
            onClose={() => mover.answered()}
          />
        )}
        {limited && (
          <LimitDialog
            name={mover.name(limited.value)}
            limit={limits[keyOf(limited.value)]}
            onClose={() => setLimited(null)}
            onDone={(most) => {
              const { [keyOf(limited.value)]: _, ...others } = limits;
              onLimits(limitsText(most === undefined ? others : { ...others, [keyOf(limited.value)]: most }));
              setLimited(null);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

const countOf = (board: Board) => board.columns.reduce((sum, column) => sum + column.count, 0);

/** Listened to by useBoardKeys; here they are only listed. */
const keys = [
  ['m', 'menu'],
  ['Shift+ArrowRight', 'carry'],
] as const;

function BoardWaiting() {
  return (
    <Waiting>
      <div className="flex gap-2">
        {[3, 2, 4, 1, 2].map((cards, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they never change
          <div key={i} className="flex w-[272px] flex-col gap-2 rounded-lg bg-sunken p-3">
            <Skeleton className="mb-2 h-4 w-24" />
            {Array.from({ length: cards }, (_, n) => n).map((n) => (
              <Skeleton key={n} className="h-16 w-full" />
            ))}
          </div>
        ))}
      </div>
    </Waiting>
  );
}
