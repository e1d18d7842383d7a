import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Related, Row } from '@/api/types';
import { clauseText } from '@/lib/filter';
import { buttonClass } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Empty } from '@/ui/states';
import { may, useContexts, useLabel } from '../context';
import { useRecords, useRegionName } from '../data';
import { ListGrid } from '../list/ListGrid';
import { columnsOf, nextSort } from '../list/query';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';

interface RelatedListProps {
  related: Related;
  /** The entity of the records listed. */
  entity: Entity;
  /** The record they point at, and what it is. */
  parent: Row;
  of: Entity;
}

/** The records that point at this one, with a "+" that carries it along. */
export function RelatedList({ related, entity, parent, of }: RelatedListProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [sort, setSort] = useState(entity.layout.sort ?? undefined);
  const columns = columnsOf(entity, undefined).filter((key) => key !== related.field);
  const by = entity.fields.find((field) => field.key === related.field);
  const isMany = by?.settings?.many;
  const id = by?.type === 'any_ref' ? `${of.name}:${parent.id}` : parent.id;
  const filter = clauseText({
    field: related.field,
    op: isMany ? 'in' : '==',
    value: isMany ? [id] : id,
  });
  const carried = carrier(entity, related.field, of);
  const records = useRecords(entity.name, { filter, sort, fields: columns.join(',') });
  const hasRegion = entity.fields.some((field) => field.type === 'region' && columns.includes(field.key));
  const contexts = useContexts(useRegionName(hasRegion));
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.items) ?? [], [records.data]);
  const create = carried && may(entity, 'create') && (
    <Link
      to={paths.create(entity.name)}
      search={{ [carried.key]: carried.type === 'any_ref' ? `${of.name}:${parent.id}` : parent.id } as never}
      className={buttonClass('plain')}
    >
      <Plus size={14} aria-hidden="true" />
      {t('list.create', { name: label(entity.label) })}
    </Link>
  );
  if (records.isError && rows.length === 0) {
    return (
      <div className="p-4">
        <ProblemNotice error={records.error} retry={() => records.refetch()} />
      </div>
    );
  }
  if (rows.length === 0 && !records.isPending) {
    return (
      <Empty
        icon={<Icon name={entity.icon} size={18} />}
        title={t('list.empty', { name: label(entity.label) })}
      >
        {create}
      </Empty>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {create && <div className="flex justify-end px-3 py-2">{create}</div>}
      <ListGrid
        {...{ entity, columns, rows, contexts, sort }}
        onSort={(key) => setSort((old) => nextSort(old, key) ?? entity.layout.sort ?? undefined)}
        isWaiting={records.isPending}
        isStale={records.isPlaceholderData}
        hasMore={records.hasNextPage && !records.isFetchNextPageError}
        onMore={() => {
          if (!records.isFetching) records.fetchNextPage({ cancelRefetch: false });
        }}
      />
    </div>
  );
}

/** The field by which a new record is told what it belongs to; where that one is kept by rules, what it is about. */
function carrier(entity: Entity, key: string, of: Entity): Field | undefined {
  const field = entity.fields.find((one) => one.key === key);
  if (!field?.read_only) return field;
  return entity.fields.find(
    (one) => one.type === 'any_ref' && !one.read_only && one.settings?.targets?.includes(of.name),
  );
}
