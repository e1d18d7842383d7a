import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { buttonClass } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { WaitingLines } from '@/ui/states';
import { may, useLabel } from '../context';
import { useRecord } from '../data';
import { paths } from '../paths';
import { StarButton } from '../StarButton';
import { isSealed } from '../sealed';
import { openIn } from '../settled';
import { Conflicts } from './Conflicts';
import { CopyLink } from './CopyLink';
import { Facts } from './Facts';
import { Missing } from './Missing';
import { RecordMenu } from './RecordMenu';
import { RecordSummary } from './RecordSummary';
import { RecordTabs } from './RecordTabs';
import { RecordTitle } from './RecordTitle';
import { useEditing } from './useEditing';
import { useSaving } from './useSaving';
import { useTitleOf } from './useTitleOf';

interface RecordPageProps {
  entity: Entity;
  id: string;
  tab: string | undefined;
}

/** One record: its facts, what happened to it, what belongs to it. */
export function RecordPage({ entity, id, tab }: RecordPageProps) {
  const label = useLabel();
  const record = useRecord(entity.name, id);
  if (record.data) return <Loaded entity={entity} row={record.data} tab={tab} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        place={label(entity.plural) || label(entity.label)}
        icon={<Icon name={entity.icon} className="shrink-0 text-ink-3" />}
        back={paths.list(entity.name)}
      />
      {record.isError ? (
        <Missing entity={entity} error={record.error} retry={() => record.refetch()} />
      ) : (
        <WaitingLines lines={9} />
      )}
    </div>
  );
}

function Loaded({ entity: whole, row, tab }: { entity: Entity; row: Row; tab: string | undefined }) {
  const entity = useMemo(() => openIn(whole, row), [whole, row]);
  const { t } = useTranslation();
  const label = useLabel();
  const isPhone = useIsPhone();
  const { contexts, title } = useTitleOf(entity, row);
  const saving = useSaving(entity, row.id);
  const edit = useEditing(entity, saving, row);
  const name = <RecordTitle {...{ entity, row, contexts, title, edit }} level={1} />;
  const facts = (
    <div className="flex flex-col gap-5 p-4 desk:p-5">
      {/* A record that has neither state nor owner leaves no gap on a phone, where its name stands above. */}
      <div className={cx('flex flex-col gap-1.5', isPhone && 'has-[>div>div:only-child:empty]:hidden')}>
        {!isPhone && name}
        <RecordSummary {...{ entity, row, contexts, saving }} />
      </div>
      <Facts {...{ entity, row, contexts, edit }} />
    </div>
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        place={label(entity.plural) || label(entity.label)}
        icon={<Icon name={entity.icon} className="shrink-0 text-ink-3" />}
        back={paths.list(entity.name)}
      >
        {!isPhone && <CopyLink path={paths.record(entity.name, row.id)} />}
        <StarButton place={{ entity: entity.name, record: row.id }} name={title} />
        <RecordMenu entity={entity} row={row} title={title} buttons={isPhone ? 0 : 3} />
        {may(entity, 'update') && !isSealed(entity, row) && (
          <Link to={paths.edit(entity.name, row.id)} className={buttonClass('plain')}>
            <Pencil size={14} aria-hidden="true" />
            <span className="max-desk:sr-only">{t('action.edit')}</span>
          </Link>
        )}
      </PageHead>
      {isPhone && <div className="px-4 pt-3 pb-1">{name}</div>}
      <div className="flex min-h-0 flex-1">
        {!isPhone && (
          <ScrollArea
            label={t('record.facts')}
            className="w-[340px] shrink-0 border-r border-line xl:w-[380px]"
          >
            {facts}
          </ScrollArea>
        )}
        <RecordTabs {...{ row, contexts, tab, saving }} entity={whole} facts={isPhone ? facts : undefined} />
      </div>
      <Conflicts saving={saving} />
    </div>
  );
}
