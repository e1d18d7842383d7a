import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Ban } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntity } from '@/meta/context';
import { useRecord } from '@/meta/data';
import { useSeen } from '@/meta/desk';
import { ListPage } from '@/meta/list/ListPage';
import type { ListSearch } from '@/meta/list/query';
import { isSealed } from '@/meta/sealed';
import { buttonClass } from '@/ui/Button';
import { part } from '@/ui/part';
import { Empty, WaitingLines } from '@/ui/states';
import { useTitle } from './useTitle';

/** Asked for by the route, together with the record. */
export const RecordPage = part(() => import('@/meta/record/RecordPage').then((m) => m.RecordPage));
const CreatePage = lazy(() => import('@/meta/form/CreatePage').then((m) => ({ default: m.CreatePage })));
const EditPage = lazy(() => import('@/meta/form/EditPage').then((m) => ({ default: m.EditPage })));
const RecyclePage = lazy(() =>
  import('@/meta/recycle/RecyclePage').then((m) => ({ default: m.RecyclePage })),
);
const ImportPage = lazy(() => import('@/meta/import/ImportPage').then((m) => ({ default: m.ImportPage })));

type Kind = 'list' | 'record' | 'create' | 'edit' | 'bin' | 'import';

/** A place of an entity: finds its metadata and hands over to the screen. */
export function EntityRoute({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const { module, thing, id = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const name = `${module}.${thing}`;
  const entity = useEntity(name);
  useTitle(entity?.plural);
  if (!entity)
    return (
      <Empty
        icon={<Ban size={18} aria-hidden="true" />}
        title={t('place.no_entity')}
        text={t('place.no_entity_text')}
      >
        <Link to="/" className={buttonClass('plain')}>
          {t('place.home')}
        </Link>
      </Empty>
    );
  const given = Object.fromEntries(
    Object.entries(search).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
  return (
    <Suspense fallback={<WaitingLines lines={10} />}>
      {kind === 'list' && <ListPage key={name} entity={entity} search={search as ListSearch} />}
      {kind === 'record' && <Seen key={`seen ${id}`} entity={name} id={id} />}
      {kind === 'record' && <RecordPage key={id} entity={entity} id={id} tab={search.tab} />}
      {kind === 'create' && <CreatePage key={name} entity={entity} given={given} />}
      {kind === 'edit' && <EditPage key={id} entity={entity} id={id} />}
      {kind === 'bin' && <RecyclePage key={name} entity={entity} />}
      {kind === 'import' && <ImportPage key={name} entity={entity} job={search.job} />}
    </Suspense>
  );
}

/** Notes that a record was looked at, once it is on screen. */
function Seen({ entity, id }: { entity: string; id: string }) {
  const { data } = useRecord(entity, id);
  const known = useEntity(entity);
  // What is looked at through the window of a pool is nobody's own yet.
  useSeen(entity, id, Boolean(data && known && !isSealed(known, data)));
  return null;
}
