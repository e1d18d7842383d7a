// The recycle bin of an entity: what was deleted, by whom and when, and the way back.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '@/api/client';
import type { Entity, Page, Row } from '@/api/types';
import { clauseText } from '@/lib/filter';
import { agoText, countText, instantText } from '@/lib/format';
import { Button, buttonClass } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { SearchField } from '@/ui/SearchField';
import { Select } from '@/ui/Select';
import { Empty, WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { type Contexts, fieldsOf, may, useContexts, useLabel, useMeta } from '../context';
import { records, refresh } from '../data';
import { valueText } from '../fields';
import { refs, refText } from '../fields/reference';
import { ProblemNotice, useProblemText } from '../ProblemNotice';
import { paths } from '../paths';
import { ownerField } from '../record/roles';

const noRegion = (code: string) => code;

export function RecyclePage({ entity }: { entity: Entity }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const { entities } = useMeta();
  const contexts = useContexts(noRegion);
  const [words, setWords] = useState('');
  const bin = useBin(entity, words);
  const rows = bin.data?.pages.flatMap((page) => page.items) ?? [];
  const count = bin.data?.pages[0]?.count;
  const others = Object.values(entities).filter((one) => may(one, 'delete'));
  const canFind = fieldsOf(entity).get(entity.title)?.filter_ops.includes('contains');
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title={t('bin.title')}
        icon={<Trash2 size={16} aria-hidden="true" className="shrink-0 text-ink-3" />}
        back={paths.list(entity.name)}
        note={count && <span className="figures text-ink-3">{countText(count)}</span>}
      >
        <div className="w-40">
          <Select
            label={t('bin.of')}
            hideLabel
            items={others.map((one) => ({
              id: one.name,
              name: label(one.plural) || label(one.label),
              mark: <Icon name={one.icon} size={14} className="text-ink-3" />,
            }))}
            value={entity.name}
            onChange={(name) => name && navigate({ to: paths.bin(name) })}
          />
        </div>
      </PageHead>
      <ScrollArea label={t('bin.title')} className="flex-1">
        <div className="mx-auto max-w-3xl px-4 py-4 desk:px-6">
          <p className="mb-3 text-pretty text-ink-2">{t('bin.text')}</p>
          {canFind && (words || rows.length > 0) && (
            <div className="mb-3 desk:max-w-xs">
              <SearchField label={t('bin.find')} value={words} onChange={setWords} />
            </div>
          )}
          {bin.isPending && <WaitingLines lines={8} />}
          {bin.isError && rows.length === 0 && (
            <ProblemNotice error={bin.error} retry={() => bin.refetch()} />
          )}
          {bin.isSuccess && rows.length === 0 && (
            <Empty
              icon={<Trash2 size={18} aria-hidden="true" />}
              title={
                words
                  ? t('list.nothing_found')
                  : t('bin.empty', { name: label(entity.plural) || label(entity.label) })
              }
            >
              <Link to={paths.list(entity.name)} className={buttonClass('plain')}>
                {t('record.to_list', { name: label(entity.plural) || label(entity.label) })}
              </Link>
            </Empty>
          )}
          {rows.length > 0 && (
            <ul className="overflow-hidden rounded-md border border-line">
              {rows.map((row) => (
                <Deleted key={row.id} {...{ entity, row, contexts }} />
              ))}
            </ul>
          )}
          {bin.hasNextPage && (
            <Button
              look="quiet"
              className="mt-2 -ml-3"
              isDisabled={bin.isFetching}
              onPress={() => bin.fetchNextPage()}
            >
              {t('bin.more')}
            </Button>
          )}
        </div>
      </ScrollArea>
    </div>
  );
}

/** The deleted records that the viewer may bring back, last deleted first. */
function useBin(entity: Entity, words: string) {
  const owner = ownerField(entity)?.key;
  return useInfiniteQuery({
    queryKey: ['records', entity.name, 'bin', words],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Row>>(
        `records/${entity.name}`,
        {
          deleted: true,
          filter: words.trim()
            ? clauseText({ field: entity.title, op: 'contains', value: words.trim() })
            : undefined,
          sort: '-deleted_at',
          fields: [entity.title, owner, 'deleted_at', 'deleted_by'].filter(Boolean).join(','),
          limit: 50,
          cursor: pageParam,
          count: pageParam ? undefined : true,
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.has_more && last.next ? last.next : undefined),
    placeholderData: (old, oldQuery) => (oldQuery?.queryKey[1] === entity.name ? old : undefined),
  });
}

function Deleted({ entity, row, contexts }: { entity: Entity; row: Row; contexts: Contexts }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useProblemText();
  const [isBusy, setBusy] = useState(false);
  const field = fieldsOf(entity).get(entity.title);
  const title = (field && valueText(row[entity.title], { ...contexts, field, row })) || t('field.untitled');
  const owner = ownerField(entity);
  const whose = owner && refs(row[owner.key])[0];
  const by = refs(row.deleted_by)[0];
  const at = String(row.deleted_at ?? '');

  async function restore() {
    setBusy(true);
    try {
      await records.restore(entity.name, row.id);
      await refresh(client, entity.name, row.id);
      toasts.say(t('bin.restored', { name: title }));
      await navigate({ to: paths.record(entity.name, row.id) });
    } catch (error) {
      toasts.warn(problem(error));
      setBusy(false);
    }
  }

  return (
    <li className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{title}</p>
        <p className="flex flex-wrap gap-x-3 text-meta text-ink-3">
          <time dateTime={at} title={instantText(at, contexts)}>
            {t('bin.deleted', {
              who: by ? refText(by, contexts) : t('timeline.system'),
              when: agoText(at, contexts.locale) || t('timeline.just_now'),
            })}
          </time>
          {whose && <span>{t('duplicates.owner', { owner: refText(whose, contexts) })}</span>}
        </p>
      </div>
      <Button isDisabled={isBusy} onPress={restore} aria-label={t('bin.restore_name', { name: title })}>
        <RotateCcw size={14} aria-hidden="true" />
        {t('bin.restore')}
      </Button>
    </li>
  );
}
