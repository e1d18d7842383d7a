import { Link, useSearch as useAddress, useNavigate } from '@tanstack/react-router';
import { Search, SearchX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { useSearch } from '@/meta/data';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { Empty, WaitingLines } from '@/ui/states';
import { grouped, HitName, HitPlace } from './palette/hits';
import { useTitle } from './useTitle';

/** How many hits the page asks for. */
const most = 200;

/** Everything that was found, by entity; the address holds the words and the filter. */
export function SearchPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const { q = '', entity } = useAddress({ strict: false }) as { q?: string; entity?: string };
  const search = useSearch(q, most);
  useTitle(t('search.title'));
  const groups = grouped(q.trim() ? (search.data?.items ?? []) : []);
  const shown = groups.filter((group) => !entity || group.entity === entity);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('search.title')} />
      <div className="shrink-0 border-b border-line py-2">
        <div className="mx-auto flex max-w-3xl flex-col gap-2 px-4 max-desk:px-3">
          <Words q={q} />
          {groups.length > 0 && (
            <nav
              aria-label={t('search.by_kind')}
              className="flex gap-1 overflow-x-auto [scrollbar-width:none]"
            >
              <Kind
                q={q}
                name={t('search.all_kinds')}
                count={groups.reduce((n, one) => n + one.hits.length, 0)}
                isOn={!entity}
              />
              {groups.map((group) => (
                <Kind
                  key={group.entity}
                  q={q}
                  entity={group.entity}
                  name={label(entities[group.entity]?.plural)}
                  count={group.hits.length}
                  isOn={entity === group.entity}
                />
              ))}
            </nav>
          )}
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-auto" aria-live="polite" aria-busy={search.isFetching}>
        {search.isError && (
          <div className="p-4">
            <ProblemNotice error={search.error} retry={() => search.refetch()} />
          </div>
        )}
        {q.trim() !== '' && search.isPending && <WaitingLines lines={8} />}
        {q.trim() === '' && <Empty icon={<Search size={18} aria-hidden="true" />} title={t('search.hint')} />}
        {q.trim() !== '' && search.isSuccess && shown.length === 0 && (
          <Empty
            icon={<SearchX size={18} aria-hidden="true" />}
            title={t('search.nothing_for', { words: q })}
            text={t('search.nothing_text')}
          />
        )}
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-4 max-desk:px-3">
          {shown.map((group) => (
            <section key={group.entity} aria-label={label(entities[group.entity]?.plural)}>
              <h2 className="mb-1 text-meta text-ink-3">{label(entities[group.entity]?.plural)}</h2>
              <ul>
                {group.hits.map((hit) => (
                  <li key={hit.id} className="border-b border-line last:border-b-0">
                    <Link
                      to={paths.record(hit.entity, hit.id)}
                      className="-mx-2 flex min-h-10 items-center gap-2.5 rounded-sm px-2 py-1 hover:bg-hover"
                    >
                      <Icon name={entities[hit.entity]?.icon} className="shrink-0 text-ink-3" />
                      <span className="min-w-0 truncate">
                        <HitName hit={hit} />
                      </span>
                      <span className="ml-auto max-w-1/2 truncate pl-3 text-meta text-ink-3">
                        <HitPlace hit={hit} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The words, taken over into the address a moment after they were typed; not while composing. */
function Words({ q }: { q: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  const composing = useRef(false);
  const [told, setTold] = useState(q);
  if (q !== told) {
    // The address was changed by something else, such as the way back.
    setTold(q);
    setTyped(q);
  }
  useEffect(() => {
    if (composing.current || typed === told) return;
    const timer = setTimeout(() => {
      setTold(typed);
      void navigate({ to: '/search', search: { q: typed || undefined } as never, replace: true });
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, told, navigate]);
  return (
    <label className="control gap-2">
      <Search size={15} aria-hidden="true" className="shrink-0 text-ink-3" />
      <span className="sr-only">{t('search.title')}</span>
      <input
        type="search"
        value={typed}
        placeholder={t('search.placeholder')}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setTyped(event.currentTarget.value);
        }}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}

interface KindProps {
  q: string;
  entity?: string;
  name: string;
  count: number;
  isOn: boolean;
}

function Kind({ q, entity, name, count, isOn }: KindProps) {
  return (
    <Link
      to="/search"
      search={{ q, entity } as never}
      replace
      aria-current={isOn ? 'true' : undefined}
      className={cx(
        'flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2.5 whitespace-nowrap pointer-coarse:h-9',
        isOn ? 'bg-pressed font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      {name}
      <span className="figures text-meta text-ink-3">{count}</span>
    </Link>
  );
}
