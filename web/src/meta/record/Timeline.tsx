import { useTranslation } from 'react-i18next';
import type { Change, Entity, Row, TimelineItem } from '@/api/types';
import { agoText, instantText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { ScrollArea } from '@/ui/ScrollArea';
import { Empty, WaitingLines } from '@/ui/states';
import { type Contexts, fieldsOf } from '../context';
import { useTimeline } from '../data';
import { valueText } from '../fields';
import { refText } from '../fields/reference';
import { ProblemNotice } from '../ProblemNotice';

interface TimelineProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
}

/** What happened to a record, newest first. */
export function Timeline({ entity, row, contexts }: TimelineProps) {
  const { t } = useTranslation();
  const timeline = useTimeline(entity.name, row.id);
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  if (timeline.isPending) return <WaitingLines lines={5} />;
  if (timeline.isError && items.length === 0) {
    return (
      <div className="p-4">
        <ProblemNotice error={timeline.error} retry={() => timeline.refetch()} />
      </div>
    );
  }
  if (items.length === 0) return <Empty title={t('timeline.empty')} />;
  return (
    <ScrollArea label={t('record.timeline')} className="flex-1 p-4 desk:px-6 desk:py-5">
      <ol className="max-w-2xl">
        {items.map((item) => (
          <Happening key={item.id} {...{ item, entity, row, contexts }} />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button look="quiet" isDisabled={timeline.isFetching} onPress={() => timeline.fetchNextPage()}>
          {t('timeline.more')}
        </Button>
      )}
    </ScrollArea>
  );
}

interface HappeningProps extends TimelineProps {
  item: TimelineItem;
}

function Happening({ item, entity, row, contexts }: HappeningProps) {
  const { t, i18n } = useTranslation();
  const fields = fieldsOf(entity);
  const changes = (item.changes ?? []).filter((change) => fields.has(change.field));
  const kind = i18n.exists(`timeline.kind.${item.kind}`)
    ? t(`timeline.kind.${item.kind}`)
    : t('timeline.kind.action');
  return (
    <li className="relative flex gap-3 pb-5 before:absolute before:top-4 before:bottom-0 before:left-[3.5px] before:w-px before:bg-line last:before:hidden">
      <span
        aria-hidden="true"
        className="mt-[7px] size-2 shrink-0 rounded-full border border-line-strong bg-panel"
      />
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-medium">{item.by ? refText(item.by, contexts) : t('timeline.system')}</span>{' '}
          <span className="text-ink-2">{kind}</span>{' '}
          <time
            dateTime={item.at}
            title={instantText(item.at, contexts)}
            className="text-meta whitespace-nowrap text-ink-3"
          >
            {agoText(item.at, contexts.locale)}
          </time>
        </p>
        {changes.length > 0 && (
          <ul className="mt-1 flex flex-col gap-0.5">
            {changes.map((change) => (
              <ChangeLine key={change.field} {...{ change, fields, row, contexts }} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

interface ChangeLineProps {
  change: Change;
  fields: ReturnType<typeof fieldsOf>;
  row: Row;
  contexts: Contexts;
}

function ChangeLine({ change, fields, row, contexts }: ChangeLineProps) {
  const { t } = useTranslation();
  const field = fields.get(change.field);
  if (!field) return null;
  const context = { ...contexts, field, row };
  const from = valueText(change.from, context);
  const to = valueText(change.to, context);
  return (
    <li className="break-words text-ink-2">
      {contexts.label(field.label)}
      {t('timeline.colon')}
      {from && <del className="text-ink-3 decoration-line-strong">{from}</del>}
      {from && ' → '}
      <span className="text-ink">{to || t('field.empty')}</span>
    </li>
  );
}
