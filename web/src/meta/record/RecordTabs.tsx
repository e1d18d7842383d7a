import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Count, Entity, Row } from '@/api/types';
import { countText } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Menu } from '@/ui/Menu';
import { countMark, sideways, tabClass, tabRow } from '@/ui/tabLook';
import { askedOf } from '../condition';
import { type Contexts, useLabel, useMeta } from '../context';
import { useRelated } from '../data';
import { lineFieldsOf, linesOf } from '../lines/lines';
import { RelatedList } from './RelatedList';
import { fileFields, filesOf } from './roles';
import { Timeline } from './Timeline';
import type { Saving } from './useSaving';

const FilesTab = lazy(() => import('./FilesTab'));
const LinesTable = lazy(() => import('../lines/LinesTable'));

interface RecordTabsProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  tab: string | undefined;
  saving: Saving;
  /** On a phone the facts are the first tab. */
  facts?: ReactNode;
}

interface Tab {
  key: string;
  name: string;
  count?: Count;
}

export function RecordTabs({ entity, row, contexts, tab, saving, facts }: RecordTabsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const counts = useRelated(entity.name, row.id).data?.items ?? [];
  const related = (entity.related ?? []).filter((one) => entities[one.entity]);
  const asked = askedOf(entity.fields, row);
  const lines = lineFieldsOf(entity, entities).filter(
    (field) => asked.isShown(field) || linesOf(row[field.key]).length > 0,
  );
  const grids: Tab[] = lines.map((field) => ({
    key: field.key,
    name: label(field.label),
    count: { value: linesOf(row[field.key]).length, exact: true },
  }));
  // The lines of a paper come first; a group that has none (the parts of what is no bundle) waits behind.
  const isFirst = (grid: Tab) => Boolean(entity.layout.lines_after) && grid.count?.value !== 0;
  const tabs: Tab[] = [
    ...(facts ? [{ key: 'facts', name: t('record.facts') }] : []),
    ...grids.filter(isFirst),
    { key: 'timeline', name: t('record.timeline') },
    ...(fileFields(entity).length > 0
      ? [
          {
            key: 'files',
            name: t('record.files'),
            count: { value: filesOf(entity, row).length, exact: true },
          },
        ]
      : []),
    ...grids.filter((grid) => !isFirst(grid)),
    ...related.map((one) => ({
      key: one.key,
      name: label(one.label) || label(entities[one.entity]?.plural),
      count: counts.find((found) => found.key === one.key)?.count,
    })),
  ];
  const current = tabs.find((one) => one.key === tab) ?? tabs[0];
  const chosen = related.find((one) => one.key === current?.key);
  const list = lines.find((one) => one.key === current?.key);
  const target = chosen && entities[chosen.entity];
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <TabStrip tabs={tabs} current={current?.key} />
      {current?.key === 'facts' && <div className="min-h-0 flex-1 overflow-auto">{facts}</div>}
      {current?.key === 'timeline' && <Timeline entity={entity} row={row} contexts={contexts} />}
      {current?.key === 'files' && (
        <Suspense>
          <FilesTab entity={entity} row={row} saving={saving} />
        </Suspense>
      )}
      {list && (
        <Suspense>
          <LinesTable key={list.key} entity={entity} field={list} row={row} />
        </Suspense>
      )}
      {chosen && target && (
        <RelatedList key={chosen.key} related={chosen} entity={target} parent={row} of={entity} />
      )}
    </div>
  );
}

/** The tabs in a row; where not all have room, a menu at its end names all of them. */
function TabStrip({ tabs, current }: { tabs: Tab[]; current: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const strip = useRef<HTMLElement>(null);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const box = strip.current;
    if (!box) return;
    const look = () => setLong(box.scrollWidth > box.clientWidth + (isLong ? menuWidth : 0));
    const resized = new ResizeObserver(look);
    resized.observe(box);
    look();
    return () => resized.disconnect();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another tab is shown it comes into sight
  useEffect(() => {
    strip.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current, isLong]);
  return (
    <div className="flex shrink-0 border-b border-line">
      <nav
        ref={strip}
        aria-label={t('record.parts')}
        onWheel={sideways}
        className={cx(tabRow, 'min-w-0 flex-1 border-b-0')}
      >
        {tabs.map((one, i) => (
          <TabLink key={one.key} tab={one} isFirst={i === 0} isCurrent={one.key === current} />
        ))}
      </nav>
      {isLong && (
        <div className="flex w-9 shrink-0 items-center justify-center">
          <Menu
            entries={tabs.map((one, i) => ({
              id: one.key,
              name: one.name,
              note: one.count && countText(one.count),
              isChecked: one.key === current,
              onAction: () =>
                navigate({ to: '.', search: (i === 0 ? {} : { tab: one.key }) as never, replace: true }),
            }))}
          >
            <IconButton label={t('record.all_parts')} className="!size-8">
              <ChevronDown size={15} aria-hidden="true" />
            </IconButton>
          </Menu>
        </div>
      )}
    </div>
  );
}

/** Of the menu at the end of the row, in pixels: w-9. */
const menuWidth = 36;

function TabLink({ tab, isFirst, isCurrent }: { tab: Tab; isFirst: boolean; isCurrent: boolean }) {
  return (
    <Link
      to="."
      search={(isFirst ? {} : { tab: tab.key }) as never}
      replace
      // The link marks itself current too; without the search it would be on every tab.
      activeOptions={{ exact: true, includeSearch: true }}
      aria-current={isCurrent ? 'page' : undefined}
      className={tabClass}
    >
      {tab.name}
      {tab.count && <span className={countMark}>{countText(tab.count)}</span>}
    </Link>
  );
}
