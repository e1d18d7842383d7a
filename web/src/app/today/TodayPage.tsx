// The page that a day begins with: what is due and what came, from the views
// that the metadata marks for it, and the records seen last.
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BuiltView, DeskMark, Entity } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { may, useFormats, useLabel, useMe, useMeta } from '@/meta/context';
import { placeOf, useDesk } from '@/meta/desk';
import { paths } from '@/meta/paths';
import { buttonClass } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { BellButton } from '../bell/Bell';
import { useMarkName } from '../useMarkName';
import { useTitle } from '../useTitle';
import { FirstSteps } from './FirstSteps';
import { QuietSections, sectionQuery, TodaySection } from './TodaySection';

/** How many records seen last are offered. */
const mostSeen = 8;

export function TodayPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { locale, zone } = useFormats();
  const isPhone = useIsPhone();
  const { entities, menu } = useMeta();
  useTitle(t('today.title'));
  const order = menu.flatMap((group) => group.items.map((item) => item.entity));
  const sections = Object.values(entities)
    .flatMap((entity) =>
      (entity.layout.views ?? []).filter((view) => view.today).map((view) => ({ entity, view })),
    )
    .sort((a, b) => weight(a) - weight(b) || order.indexOf(a.entity.name) - order.indexOf(b.entity.name));
  const found = useQueries({ queries: sections.map(sectionQuery) });
  // Not before all are known: nothing moves twice.
  const isKnown = !found.some((one) => one.isPending);
  const isQuiet = (i: number) => isKnown && found[i]?.data?.items.length === 0;
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: zone || undefined,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  }).format(Date.now());
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('today.title')} note={<span className="truncate text-meta text-ink-3">{day}</span>}>
        {isPhone && <BellButton />}
      </PageHead>
      <ScrollArea label={t('today.title')} className="flex-1 px-4 py-5 desk:px-8 desk:py-7">
        <div className="mx-auto max-w-5xl">
          <h2 className="text-[18px]/[26px] font-semibold">{t(greeting(zone), { name: me.name })}</h2>
          <QuickStart entities={entities} />
          {me.admin && <FirstSteps />}
          <div className="mt-6 grid gap-x-10 gap-y-7 desk:grid-cols-[minmax(0,1fr)_280px]">
            <div className="flex min-w-0 flex-col gap-7">
              {sections.map((one, i) => {
                const query = found[i];
                return query && !isQuiet(i) ? (
                  <TodaySection key={`${one.entity.name} ${one.view.key}`} {...one} found={query} />
                ) : null;
              })}
              <QuietSections sections={sections.filter((_, i) => isQuiet(i))} />
            </div>
            <Seen />
          </div>
        </div>
      </ScrollArea>
    </div>
  );
}

/** What stands at an hour comes before what stands on a day, that before what has no time. */
function weight({ entity, view }: { entity: Entity; view: BuiltView }): number {
  const by = entity.fields.find((field) => field.key === (view.sort ?? '').replace(/^-/, '').split(',')[0]);
  return by?.type === 'instant' ? 0 : by?.type === 'date' ? 1 : 2;
}

/** Good morning until 11, good day until 18, then good evening. */
function greeting(zone: string): string {
  const hour = Number(
    new Intl.DateTimeFormat('en', { timeZone: zone || undefined, hour: 'numeric', hourCycle: 'h23' }).format(
      Date.now(),
    ),
  );
  return hour < 11 ? 'today.morning' : hour < 18 ? 'today.day' : 'today.evening';
}

/** What a salesperson makes most, one press away. */
function QuickStart({ entities }: { entities: Record<string, Entity> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const made = ['crm.customer', 'crm.lead', 'sales.quote', 'crm.follow_plan', 'work.task'].flatMap(
    (name) => entities[name] ?? [],
  );
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {made
        .filter((entity) => may(entity, 'create'))
        .map((entity) => (
          <Link key={entity.name} to={paths.create(entity.name)} className={buttonClass('plain')}>
            <Icon name={entity.icon} size={14} className="text-ink-3" />
            {t('list.create', { name: label(entity.label) })}
          </Link>
        ))}
    </div>
  );
}

function Seen() {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const nameOf = useMarkName();
  const { seen, starred } = useDesk();
  const shown: [string, DeskMark[]][] = [
    ['desk.starred', starred.slice(0, mostSeen)],
    ['today.seen', seen.slice(0, mostSeen)],
  ];
  return (
    <div className="flex min-w-0 flex-col gap-7">
      {shown
        .filter(([, marks]) => marks.length > 0)
        .map(([title, marks]) => (
          <section key={title} aria-label={t(title)}>
            <h3 className="mb-1 flex items-center gap-2 text-meta font-medium text-ink-3">
              {title === 'today.seen' && <Clock size={13} aria-hidden="true" />}
              {t(title)}
            </h3>
            <ul className="-mx-2">
              {marks.map((mark) => {
                const [to, search] = placeOf(mark).split('?');
                return (
                  <li key={placeOf(mark)}>
                    <Link
                      to={to}
                      search={(search ? Object.fromEntries(new URLSearchParams(search)) : {}) as never}
                      className="flex h-8 items-center gap-2 rounded-sm px-2 text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-10"
                    >
                      <Icon name={entities[mark.entity]?.icon} size={15} className="shrink-0 text-ink-3" />
                      <span className="truncate">{nameOf(mark)}</span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
    </div>
  );
}
