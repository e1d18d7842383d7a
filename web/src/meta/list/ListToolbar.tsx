import { Link } from '@tanstack/react-router';
import { ListFilter, Search, X } from 'lucide-react';
import { lazy, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { type Clause, filterText, parseFilter } from '@/lib/filter';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dropdown } from '@/ui/Dropdown';
import type { Contexts } from '../context';
import { Chips } from './Chips';
import { filterable } from './filters';
import type { ListSearch, View } from './query';

const ClauseEditor = lazy(() => import('./ClauseEditor'));

interface ToolbarProps {
  entity: Entity;
  views: View[];
  view: View | undefined;
  search: ListSearch;
  show(search: ListSearch): void;
  contexts: Contexts;
}

export function ListToolbar({ entity, views, view, search, show, contexts }: ToolbarProps) {
  const clauses = parseFilter(search.filter ?? '');
  const put = (next: Clause[]) => show({ ...search, filter: filterText(next) || undefined });
  return (
    <div className="shrink-0 border-b border-line">
      <div className="flex min-h-11 items-center gap-2 pr-2 pl-3 max-desk:flex-wrap max-desk:py-1.5">
        <ViewTabs views={views} view={view} />
        <FindBox value={search.q ?? ''} onChange={(q) => show({ ...search, q: q || undefined })} />
        {clauses && <AddFilter entity={entity} onAdd={(clause) => put([...clauses, clause])} />}
      </div>
      {search.filter && (
        <Chips
          entity={entity}
          clauses={clauses}
          text={search.filter}
          contexts={contexts}
          onChange={put}
          onClear={() => show({ ...search, filter: undefined })}
        />
      )}
    </div>
  );
}

function ViewTabs({ views, view }: { views: View[]; view: View | undefined }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('list.views')}
      className="flex min-w-0 flex-1 items-center gap-0.5 overflow-x-auto max-desk:basis-full [scrollbar-width:none]"
    >
      {views.map((one) => (
        <Link
          key={one.key}
          to="."
          search={{ view: one.key === views[0]?.key ? undefined : one.key } as never}
          aria-current={one.key === view?.key ? 'page' : undefined}
          className={cx(
            'flex h-7 shrink-0 items-center rounded-sm px-2.5 whitespace-nowrap pointer-coarse:h-9',
            one.key === view?.key
              ? 'bg-pressed font-medium text-ink'
              : 'text-ink-2 hover:bg-hover hover:text-ink',
          )}
        >
          {one.name}
        </Link>
      ))}
    </nav>
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

function AddFilter({ entity, onAdd }: { entity: Entity; onAdd(clause: Clause): void }) {
  const { t } = useTranslation();
  if (filterable(entity.fields).length === 0) return null;
  return (
    <Dropdown
      label={t('filter.add')}
      placement="bottom end"
      content={(close) => (
        <ClauseEditor
          entity={entity}
          onDone={(clause) => {
            onAdd(clause);
            close();
          }}
        />
      )}
    >
      <Button look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9">
        <ListFilter size={14} aria-hidden="true" />
        <span className="max-desk:hidden">{t('filter.add')}</span>
        <span className="sr-only desk:hidden">{t('filter.add')}</span>
      </Button>
    </Dropdown>
  );
}
