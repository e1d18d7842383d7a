import { Columns3, ListChecks, ListFilter, Search, SlidersHorizontal, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { type Clause, filterText, parseFilter } from '@/lib/filter';
import { useIsPhone } from '@/lib/media';
import { Button, IconButton } from '@/ui/Button';
import { Dropdown } from '@/ui/Dropdown';
import { later } from '@/ui/later';
import type { Contexts } from '../context';
import { Chips } from './Chips';
import { filterable } from './filters';
import {
  columnsOf,
  filterOf,
  isChanged,
  type ListSearch,
  type Show,
  shapeOf,
  sortOf,
  type View,
  withColumns,
  withFilter,
  withShape,
  withSort,
} from './query';
import type { ViewDeeds } from './useViewDeeds';
import type { ColumnWidths } from './useWidths';
import { ViewTabs } from './ViewTabs';

const loadClause = later(() => import('./ClauseEditor'));
const ClauseEditor = lazy(loadClause);
const loadDisplay = later(() => import('./DisplayPanel'));
const DisplayPanel = lazy(loadDisplay);
const FilterBuilder = lazy(() => import('./FilterBuilder'));

interface ToolbarProps {
  entity: Entity;
  view: View | undefined;
  deeds: ViewDeeds;
  search: ListSearch;
  show: Show;
  contexts: Contexts;
  widths: ColumnWidths;
  /** On a phone: rows are being chosen. */
  isChoosing: boolean;
  onChoosing(isChoosing: boolean): void;
}

export function ListToolbar(props: ToolbarProps) {
  const { entity, view, deeds, search, show, contexts, widths, isChoosing, onChoosing } = props;
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const [isBuilding, setBuilding] = useState(false);
  const text = filterOf(search, view) ?? '';
  const filter = parseFilter(text);
  const put = (next: string) => show(withFilter(search, view, next));
  const pulled = Object.keys(widths.pulled).length > Object.keys(view?.widths ?? {}).length;
  return (
    <div className="shrink-0 border-b border-line">
      <div className="flex min-h-11 items-center gap-1.5 pr-2 pl-3 max-desk:flex-wrap max-desk:py-1.5">
        <ViewTabs {...deeds} />
        <FindBox value={search.q ?? ''} onChange={(q) => show((now) => ({ ...now, q: q || undefined }))} />
        {filter && filterable(entity.fields).length > 0 && (
          <AddFilter
            entity={entity}
            onAdd={(clause) =>
              put(
                filterText(
                  filter.joint === 'and'
                    ? { joint: 'and', kids: [...filter.kids, clause] }
                    : { joint: 'and', kids: [filter, clause] },
                ),
              )
            }
            onBuild={() => setBuilding(true)}
          />
        )}
        <Dropdown
          label={t('list.display')}
          placement="bottom end"
          onNear={loadDisplay}
          content={(close) => (
            <DisplayPanel
              entity={entity}
              isPhone={isPhone}
              shape={shapeOf(entity, search, view)}
              onShape={(next) => show(withShape(entity, search, view, next))}
              columns={columnsOf(entity, view, search)}
              onColumns={(change) =>
                show((now) => withColumns(entity, now, view, change(columnsOf(entity, view, now))))
              }
              sort={sortOf(entity, search, view)}
              onSort={(sort) => show((now) => withSort(entity, now, view, sort))}
              canReset={isChanged(entity, search, view) || pulled}
              onReset={() => {
                widths.forget();
                deeds.reset();
                close();
              }}
            />
          )}
        >
          <Button look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9">
            {isPhone ? (
              <SlidersHorizontal size={15} aria-hidden="true" />
            ) : (
              <Columns3 size={14} aria-hidden="true" />
            )}
            <span className="max-desk:sr-only">{t('list.display')}</span>
          </Button>
        </Dropdown>
        {isPhone && shapeOf(entity, search, view).kind === 'list' && (
          <Button
            look="quiet"
            aria-pressed={isChoosing}
            className="!h-9 !px-2"
            onPress={() => onChoosing(!isChoosing)}
          >
            <ListChecks size={16} aria-hidden="true" />
            <span className="sr-only">{t('list.choosing')}</span>
          </Button>
        )}
      </div>
      {text && (
        <Chips
          {...{ entity, filter, text, contexts }}
          onChange={(next) => put(filterText(next))}
          onBuild={() => setBuilding(true)}
          onClear={() => put('')}
        />
      )}
      {isBuilding && filter && (
        <Suspense>
          <FilterBuilder {...{ entity, contexts, filter }} onApply={put} onClose={() => setBuilding(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Words to find in this list; asked for when typing rests, never while composing hanzi. */
function FindBox({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const composing = useRef(false);
  const send = useRef(onChange);
  send.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (composing.current || typed === value) return;
    const timer = setTimeout(() => send.current(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <div className="control h-7 !min-h-7 !w-44 gap-1.5 !px-2 max-desk:!w-auto max-desk:flex-1 pointer-coarse:!min-h-9">
      <Search size={13} aria-hidden="true" className="shrink-0 text-ink-3" />
      <input
        type="text"
        aria-label={t('list.find')}
        placeholder={t('list.find')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setTyped(event.currentTarget.value);
          send.current(event.currentTarget.value.trim());
        }}
      />
      {typed && (
        <IconButton label={t('action.clear')} className="!size-6 -mr-1.5" onPress={() => onChange('')}>
          <X size={12} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

interface AddFilterProps {
  entity: Entity;
  onAdd(clause: Clause): void;
  onBuild(): void;
}

function AddFilter({ entity, onAdd, onBuild }: AddFilterProps) {
  const { t } = useTranslation();
  return (
    <Dropdown
      label={t('filter.add')}
      placement="bottom end"
      onNear={loadClause}
      content={(close) => (
        <div className="flex flex-col gap-3">
          <ClauseEditor
            entity={entity}
            onDone={(clause) => {
              onAdd(clause);
              close();
            }}
          />
          <Button
            look="quiet"
            className="!h-7 self-start !px-2 pointer-coarse:!h-9"
            onPress={() => {
              close();
              onBuild();
            }}
          >
            {t('filter.build')}
          </Button>
        </div>
      )}
    >
      <Button look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9">
        <ListFilter size={14} aria-hidden="true" />
        <span className="max-desk:sr-only">{t('filter.add')}</span>
      </Button>
    </Dropdown>
  );
}
