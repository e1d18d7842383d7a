import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Change, Entity, Row, TimelineItem } from '@/api/types';
import { agoText, instantText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { WaitingLines } from '@/ui/states';
import { type Contexts, fieldsOf, may, useMeta } from '../context';
import { valueText } from '../fields';
import { refText } from '../fields/reference';
import { ProblemNotice } from '../ProblemNotice';
import { isSealed } from '../sealed';
import { ComposerPlace } from './ComposerPlace';
import { LogEntry } from './LogEntry';
import { type Log, logsOf } from './roles';
import { type Kind, useHappenings } from './useHappenings';

interface TimelineProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
}

/** What happened to a record, newest first, and a place to log more. */
export function Timeline({ entity, row, contexts }: TimelineProps) {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const [kind, setKind] = useState<Kind>('all');
  const logs = logsOf(entities, entity);
  const timeline = useHappenings(entity, row, logs, kind);
  const { happenings } = timeline;
  return (
    <ScrollArea label={t('record.timeline')} className="flex-1 px-4 py-4 desk:px-6 desk:py-5">
      <div className="max-w-2xl">
        <ComposerPlace
          {...{ entity, row }}
          logs={logs.filter((log) => may(log.entity, 'create') && !isSealed(entity, row))}
        />
        {logs.length > 0 && <Kinds {...{ logs, kind, contexts }} onKind={setKind} />}
        {timeline.isPending && <WaitingLines lines={5} />}
        {timeline.error && happenings.length === 0 && (
          <ProblemNotice error={timeline.error} retry={timeline.retry} />
        )}
        {!timeline.isPending && !timeline.error && happenings.length === 0 && (
          <p className="py-6 text-ink-3">{t('timeline.empty')}</p>
        )}
        <ol>
          {happenings.map((one) => (
            <li
              key={one.id}
              className="relative flex gap-3 pb-5 before:absolute before:top-4 before:bottom-0 before:left-[3.5px] before:w-px before:bg-line last:before:hidden"
            >
              <span
                aria-hidden="true"
                className={cx(
                  'mt-[7px] size-2 shrink-0 rounded-full border',
                  one.kind === 'log' ? 'border-accent bg-accent' : 'border-line-strong bg-panel',
                )}
              />
              <div className="min-w-0 flex-1">
                {one.kind === 'log' ? (
                  <LogEntry log={one.log} row={one.row} at={one.at} contexts={contexts} />
                ) : (
                  <ChangeEntry item={one.item} at={one.at} {...{ entity, row, contexts }} />
                )}
              </div>
            </li>
          ))}
        </ol>
        {timeline.hasMore && (
          <Button look="quiet" className="-ml-3" isDisabled={timeline.isFetching} onPress={timeline.more}>
            {t('timeline.more')}
          </Button>
        )}
      </div>
    </ScrollArea>
  );
}

interface KindsProps {
  logs: Log[];
  kind: Kind;
  contexts: Contexts;
  onKind(kind: Kind): void;
}

/** Chooses what the timeline shows. */
function Kinds({ logs, kind, contexts, onKind }: KindsProps) {
  const { t } = useTranslation();
  const kinds = [
    { id: 'all', name: t('timeline.all') },
    ...logs.map((log) => ({ id: log.entity.name, name: contexts.label(log.entity.plural) })),
    { id: 'changes', name: t('timeline.changes') },
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend
    <div
      role="group"
      aria-label={t('timeline.show')}
      className="mb-4 flex gap-1 overflow-x-auto [scrollbar-width:none] desk:flex-wrap"
    >
      {kinds.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === kind}
          onClick={() => onKind(id)}
          className={cx(
            'h-7 shrink-0 rounded-sm px-2.5 text-meta whitespace-nowrap focus-visible:outline-offset-[-2px] pointer-coarse:h-9',
            id === kind ? 'bg-pressed font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
          )}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

interface ChangeProps extends TimelineProps {
  item: TimelineItem;
  /** When it counts as having happened. */
  at: string;
}

function ChangeEntry({ item, at, entity, row, contexts }: ChangeProps) {
  const { t, i18n } = useTranslation();
  const fields = fieldsOf(entity);
  const changes = (item.changes ?? []).filter((change) => fields.has(change.field));
  const action = [...(entity.actions ?? []), ...(entity.deeds ?? [])].find((one) => one.name === item.kind);
  const kind = i18n.exists(`timeline.kind.${item.kind}`)
    ? t(`timeline.kind.${item.kind}`)
    : action
      ? t('timeline.did', { name: contexts.label(action.label) })
      : t('timeline.kind.action');
  return (
    <>
      <p>
        <span className="font-medium">{item.by ? refText(item.by, contexts) : t('timeline.system')}</span>{' '}
        <span className="text-ink-2">{kind}</span> <Moment at={at} contexts={contexts} />
        {at !== item.at && (
          <span className="text-meta text-ink-3">
            {' '}
            {t('timeline.entered', { at: instantText(item.at, contexts) })}
          </span>
        )}
      </p>
      {changes.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5">
          {changes.map((change) => (
            <ChangeLine key={change.field} {...{ change, fields, row, contexts }} />
          ))}
        </ul>
      )}
      {item.lines && <LineChanges {...{ item, entity, contexts }} />}
    </>
  );
}

/** How many lines are told before the rest is counted. */
const toldLines = 8;

/** What happened to detail lines in the same write, each under its name. */
function LineChanges({ item, entity, contexts }: Omit<ChangeProps, 'row' | 'at'>) {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const lines = item.lines ?? [];
  const rest = lines.length - toldLines;
  return (
    <ul className="mt-1 flex flex-col gap-0.5">
      {lines.slice(0, toldLines).map((line) => {
        const group = entity.lines.find((one) => one.key === line.group);
        const of = entities[group?.entity ?? ''];
        const kind = ['create', 'delete', 'restore', 'move'].includes(line.kind) ? line.kind : 'update';
        const name = line.label || t('lines.unnamed');
        return (
          <li key={line.id} className="break-words text-ink-2">
            {t(`lines.did.${kind}`, { group: contexts.label(group?.label), name })}
            {of && line.changes.length > 0 && kind === 'update' && (
              <ul className="ml-3 flex flex-col gap-0.5">
                {line.changes.map((change) => (
                  <ChangeLine
                    key={change.field}
                    {...{ change, contexts }}
                    fields={fieldsOf(of)}
                    row={{ id: line.id, version: 0 }}
                  />
                ))}
              </ul>
            )}
          </li>
        );
      })}
      {(rest > 0 || item.more_lines) && (
        <li className="text-ink-3">{t('lines.more', { count: Math.max(rest, 1) })}</li>
      )}
    </ul>
  );
}

export function Moment({ at, contexts }: { at: string; contexts: Contexts }) {
  const { t } = useTranslation();
  return (
    <time dateTime={at} title={instantText(at, contexts)} className="text-meta whitespace-nowrap text-ink-3">
      {agoText(at, contexts.locale) || t('timeline.just_now')}
    </time>
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
