import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui/cx';
import { WaitingLines } from '@/ui/states';
import { ColumnCards, ColumnName, type ColumnProps, ColumnSum } from './BoardColumn';
import { type Column, keyOf } from './columns';

interface BoardPhoneProps {
  columns: Column[];
  isWaiting: boolean;
  /** The key of the column on show; the first one when it is not there. */
  shown: string | undefined;
  onShow(key: string): void;
  drawn(column: Column): Omit<ColumnProps, 'isPhone'>;
}

/** In the address the column of what has no value needs a name. */
const addressOf = (key: string) => key || 'none';

/** A board on a phone: the columns as tabs, the cards of one of them. */
export function BoardPhone({ columns, isWaiting, shown, onShow, drawn }: BoardPhoneProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLDivElement>(null);
  // It begins where there is something, and stays there when the last card goes on.
  const begun = useRef<string>(undefined);
  if (!isWaiting)
    begun.current ??= addressOf(keyOf((columns.find((one) => one.count > 0) ?? columns[0])?.value));
  const named = (key: string | undefined) => columns.find((one) => addressOf(keyOf(one.value)) === key);
  const current = named(shown) ?? named(begun.current) ?? columns[0];
  const key = current ? keyOf(current.value) : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another column is shown its tab comes into sight
  useEffect(() => {
    row.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [key]);
  if (isWaiting || !current) return <WaitingLines lines={8} />;
  const props = { ...drawn(current), isPhone: true };

  function step(by: number) {
    const at = columns.indexOf(current as Column) + by;
    const next = columns[(at + columns.length) % columns.length];
    if (!next) return;
    onShow(addressOf(keyOf(next.value)));
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        ref={row}
        role="tablist"
        aria-label={t('board.columns')}
        className="fades flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2 [scrollbar-width:none]"
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') step(1);
          else if (event.key === 'ArrowLeft') step(-1);
          else return;
          event.preventDefault();
        }}
      >
        {columns.map((column) => {
          const isOn = column === current;
          const one = drawn(column);
          return (
            <button
              key={keyOf(column.value)}
              type="button"
              role="tab"
              id={`board-tab-${keyOf(column.value)}`}
              aria-selected={isOn}
              aria-controls="board-cards"
              tabIndex={isOn ? 0 : -1}
              onClick={() => onShow(addressOf(keyOf(column.value)))}
              className={cx(
                'flex h-11 shrink-0 items-center border-b-2 px-2.5',
                isOn ? 'border-accent text-ink' : 'border-transparent text-ink-2',
              )}
            >
              <ColumnName {...one} isTab />
            </button>
          );
        })}
      </div>
      <div
        id="board-cards"
        role="tabpanel"
        aria-labelledby={`board-tab-${key}`}
        data-column={key}
        className="flex min-h-0 flex-1 flex-col bg-sunken pt-3"
      >
        <ColumnSum {...props} />
        <ColumnCards key={key} {...props} />
      </div>
    </div>
  );
}
