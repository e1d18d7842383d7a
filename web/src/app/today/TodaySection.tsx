import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '@/api/client';
import type { BuiltView, Entity, Field, Page, Row } from '@/api/types';
import { today } from '@/lib/dates';
import { countText, instantText } from '@/lib/format';
import { wallTime } from '@/lib/zones';
import { type Contexts, fieldsOf, useContexts, useLabel } from '@/meta/context';
import { useRegionName } from '@/meta/data';
import { valueText } from '@/meta/fields';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Dot } from '@/ui/Dot';
import { Icon } from '@/ui/Icon';
import { countMark } from '@/ui/tabLook';

/** How many records of a view stand on the page; its name leads to all of them. */
const most = 6;

/** The fields of an entry: what it goes by, and what is told beside its name. */
function partsOf(entity: Entity, view: BuiltView) {
  const known = fieldsOf(entity);
  const by = known.get((view.sort ?? '').replace(/^-/, '').split(',')[0] ?? '');
  const beside = (entity.layout.card ?? [])
    .filter((key) => key !== entity.title && key !== by?.key && key !== 'owner')
    .flatMap((key) => known.get(key) ?? [])
    .filter((field) => field.type !== 'region');
  return { by, beside };
}

/** What stands in a section. */
export function sectionQuery({ entity, view }: { entity: Entity; view: BuiltView }) {
  const { by, beside } = partsOf(entity, view);
  const fields = [entity.title, by?.key, ...beside.map((field) => field.key)].filter(Boolean).join(',');
  return {
    queryKey: ['records', entity.name, 'today', view.key],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      get<Page<Row>>(
        `records/${entity.name}`,
        { filter: view.filter, sort: view.sort, fields, limit: most, count: true },
        signal,
      ),
  };
}

interface SectionProps {
  entity: Entity;
  view: BuiltView;
  found: UseQueryResult<Page<Row>>;
}

/** A view of an entity on the first page: how many, and the first of them. */
export function TodaySection({ entity, view, found }: SectionProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const contexts = useContexts(useRegionName(false));
  const { by, beside } = partsOf(entity, view);
  const { data, error, refetch } = found;
  const all = { to: paths.list(entity.name), search: { view: view.key } as never };
  const count = data?.count;
  const title = label(view.label);
  return (
    <section aria-label={`${label(entity.plural)}${t('timeline.colon')}${title}`}>
      <h3 className="mb-1 flex items-center">
        <Link {...all} className="group inline-flex items-center gap-2 rounded-sm font-medium">
          <Icon name={entity.icon} size={15} className="text-ink-3" />
          <span className="group-hover:underline">{title}</span>
          <span className="text-meta font-normal text-ink-3">{label(entity.plural)}</span>
          {count && count.value > 0 && <span className={countMark}>{countText(count)}</span>}
        </Link>
      </h3>
      {error && !data ? (
        <ProblemNotice error={error} retry={() => refetch()} />
      ) : !data ? (
        <div className="skeleton h-9 w-full" />
      ) : (
        <ul className="border-t border-line">
          {data.items.map((row) => (
            <Item key={row.id} {...{ entity, row, by, beside, contexts }} />
          ))}
          {count && count.value > data.items.length && (
            <li className="border-b border-line">
              <Link
                {...all}
                className="flex h-9 items-center px-1 text-ink-3 hover:text-ink pointer-coarse:h-11"
              >
                {t('today.all', { count: countText(count) })}
              </Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** The views where nothing waits, as one paragraph of links to their lists. */
export function QuietSections({ sections }: { sections: { entity: Entity; view: BuiltView }[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (sections.length === 0) return null;
  return (
    <section aria-label={t('today.quiet')}>
      <h3 className="mb-1 text-meta font-medium text-ink-3">{t('today.quiet')}</h3>
      <ul className="-mx-2 flex flex-wrap">
        {sections.map(({ entity, view }) => (
          <li key={`${entity.name} ${view.key}`}>
            <Link
              to={paths.list(entity.name)}
              search={{ view: view.key } as never}
              className="flex h-7 items-center gap-1.5 rounded-sm px-2 text-meta text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-9"
            >
              <Icon name={entity.icon} size={13} className="shrink-0 text-ink-3" />
              <span className="truncate">{label(view.label)}</span>
              <span className="shrink-0 text-ink-3">{label(entity.plural)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ItemProps {
  entity: Entity;
  row: Row;
  by: Field | undefined;
  beside: Field[];
  contexts: Contexts;
}

function Item({ entity, row, by, beside, contexts }: ItemProps) {
  const { t } = useTranslation();
  const field = fieldsOf(entity).get(entity.title);
  const title = (field && valueText(row[entity.title], { ...contexts, field, row })) || t('field.untitled');
  const words = beside
    .map((one) => valueText(row[one.key], { ...contexts, field: one, row }))
    .filter(Boolean)
    .slice(0, 2);
  const due = by && typeof row[by.key] === 'string' ? dueOf(by, String(row[by.key]), contexts) : undefined;
  return (
    <li className="border-b border-line">
      <Link
        to={paths.record(entity.name, row.id)}
        className="flex min-h-9 items-center gap-3 px-1 py-1.5 hover:bg-hover pointer-coarse:min-h-12"
      >
        <span className="min-w-0 flex-1 desk:flex desk:items-baseline desk:gap-3">
          <span className="block min-w-0 truncate">{title}</span>
          <span className="block min-w-0 flex-1 truncate text-meta text-ink-3">{words.join(' · ')}</span>
        </span>
        {due && (
          <span className="flex shrink-0 items-center gap-1.5 text-meta whitespace-nowrap text-ink-2 tabular-nums">
            {due.isLate && <Dot color="red" />}
            {due.isLate && <span className="text-danger">{t('today.late')}</span>}
            {due.text}
          </span>
        )}
      </Link>
    </li>
  );
}

/** When it is due: of today the hour only, else the day; late is what lies before this moment or day. */
function dueOf(by: Field, value: string, contexts: Contexts): { text: string; isLate: boolean } | undefined {
  const day = today(contexts.zone);
  if (by.type === 'instant') {
    const wall = wallTime(Date.parse(value), contexts.zone);
    const text = wall.startsWith(day) ? wall.slice(11, 16) : instantText(value, contexts).slice(5);
    return {
      text: contexts.locale === 'zh-CN' ? text : wall.startsWith(day) ? text : instantText(value, contexts),
      isLate: Date.parse(value) < Date.now(),
    };
  }
  if (by.type === 'date') {
    const text = valueText(value, { ...contexts, field: by });
    const short = contexts.locale === 'zh-CN' && value.slice(0, 4) === day.slice(0, 4) ? text.slice(5) : text;
    return { text: value === day ? contexts.t('today.title') : short, isLate: value < day };
  }
  return undefined;
}
