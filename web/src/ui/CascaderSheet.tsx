// What a Cascader opens: a line to search, and the columns or what was found.
import { Check, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { everyWay, findWays, wayToNode } from '@/lib/tree';
import { Button } from './Button';
import type { CascadeNode, CascaderProps } from './Cascader';
import { cx } from './cx';
import DropdownSheet from './DropdownSheet';
import { SearchField } from './SearchField';

interface CascaderSheetProps
  extends Pick<CascaderProps, 'items' | 'value' | 'onChange' | 'spellings' | 'leavesOnly' | 'isLoading'> {
  anchor: RefObject<Element | null>;
  label: string;
  onClose(): void;
}

const line =
  'flex h-8 w-full shrink-0 items-center gap-2 rounded-sm px-2 text-left hover:bg-hover focus-visible:bg-hover ' +
  'focus-visible:outline-offset-[-2px] disabled:text-ink-3 pointer-coarse:h-10';

export default function CascaderSheet(props: CascaderSheetProps) {
  const { anchor, label, items, spellings, leavesOnly, isLoading, onChange, onClose } = props;
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const ways = useMemo(() => everyWay(items), [items]);
  const found = words ? findWays(ways, words, spellings, leavesOnly) : null;
  const choose = (id: string) => {
    onChange(id);
    onClose();
  };
  return (
    <DropdownSheet anchor={anchor} label={label} className="w-auto" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only moves focus among its lines */}
      <div className="flex w-[30rem] max-w-full flex-col gap-2" onKeyDown={moveFocus}>
        <SearchField label={t('tree.find')} value={words} onChange={setWords} rest={0} autoFocus />
        {isLoading && <p className="px-2 py-1.5 text-ink-3">{t('state.loading')}</p>}
        {found && (
          <div className="flex max-h-72 flex-col overflow-y-auto">
            {found.map((way) => {
              const end = way.at(-1);
              return end ? (
                <button key={end.id} type="button" data-line className={line} onClick={() => choose(end.id)}>
                  <span className="truncate">{way.map((node) => node.name).join(' / ')}</span>
                </button>
              ) : null;
            })}
            {found.length === 0 && <p className="px-2 py-1.5 text-ink-3">{t('state.no_match')}</p>}
          </div>
        )}
        {!found && <Columns {...props} choose={choose} />}
      </div>
    </DropdownSheet>
  );
}

/** Up and down go from line to line, from the search into the lines and back. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.nativeEvent.isComposing) return;
  const at = document.activeElement;
  const column = at?.closest('[data-column]') ?? event.currentTarget;
  const lines = [...column.querySelectorAll<HTMLElement>('[data-line]:not(:disabled)')];
  const next = lines[lines.indexOf(at as HTMLElement) + by];
  event.preventDefault();
  if (next) next.focus();
  else if (by < 0) event.currentTarget.querySelector('input')?.focus();
}

interface ColumnsProps extends CascaderSheetProps {
  choose(id: string): void;
}

function Columns({ items, value, leavesOnly, choose }: ColumnsProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<CascadeNode[]>(() => wayToNode(items, value ?? ''));
  const box = useRef<HTMLDivElement>(null);
  const columns = [items, ...way.map((node) => node.children ?? [])].filter((list) => list.length > 0);
  useEffect(() => {
    for (const one of box.current?.querySelectorAll('[aria-pressed="true"]') ?? [])
      one.scrollIntoView({ block: 'nearest' });
  }, []);
  const pick = (node: CascadeNode, depth: number) => {
    setWay([...way.slice(0, depth), node]);
    if (!node.children?.length) choose(node.id);
  };
  // A place with others below it is opened by a press, and chosen here.
  const end = way.at(-1);
  const offered = !leavesOnly && end?.children?.length && end.id !== value ? end : undefined;
  const sideways = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const column = (event.target as Element).closest('[data-column]');
    if (!by || !column?.parentElement) return;
    event.preventDefault();
    const node = columns[[...column.parentElement.children].indexOf(column)]?.find(
      (one) => one.id === (event.target as HTMLElement).dataset.line,
    );
    if (by > 0 && !node?.children?.length) return;
    if (by > 0) (event.target as HTMLElement).click();
    requestAnimationFrame(() => {
      const next = by > 0 ? column.nextElementSibling : column.previousElementSibling;
      (next?.querySelector<HTMLElement>('[aria-pressed="true"]') ?? next?.querySelector('button'))?.focus();
    });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only moves focus among its columns */}
      <div ref={box} className="flex divide-x divide-line" onKeyDown={sideways}>
        {columns.map((list, depth) => (
          <fieldset
            key={way[depth - 1]?.id ?? ''}
            data-column
            aria-label={way[depth - 1]?.name}
            className="flex h-64 min-w-0 flex-1 flex-col overflow-y-auto px-1 first:pl-0 last:pr-0"
          >
            {list.map((node) => (
              <button
                key={node.id}
                type="button"
                data-line={node.id}
                disabled={node.isDisabled}
                aria-pressed={way[depth]?.id === node.id}
                onClick={() => pick(node, depth)}
                className={cx(line, way[depth]?.id === node.id && 'bg-pressed font-medium')}
              >
                <span className="min-w-0 flex-1 truncate" data-tip-cut="">
                  {node.name}
                </span>
                {node.id === value && (
                  <Check size={14} aria-hidden="true" className="shrink-0 text-accent-ink" />
                )}
                {node.children?.length ? (
                  <ChevronRight size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
                ) : null}
              </button>
            ))}
          </fieldset>
        ))}
      </div>
      {offered && (
        <Button className="self-end" onPress={() => choose(offered.id)}>
          {t('tree.choose', { name: offered.name })}
        </Button>
      )}
    </>
  );
}
