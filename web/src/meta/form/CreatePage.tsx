import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, Problem } from '@/api/client';
import type { Duplicate, Entity, Row } from '@/api/types';
import { PageHead } from '@/ui/PageHead';
import { WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { useFormats, useLabel, useMe, useMeta } from '../context';
import { isPending, records, refresh } from '../data';
import { formGroupsOf } from '../layout';
import { lineFieldsOf } from '../lines/lines';
import { targetOf } from '../list/targets';
import { paths } from '../paths';
import { defaultsOf } from './defaults';
import { RecordForm } from './RecordForm';
import { changes, type Values } from './validate';

// Fetched only when something alike is found.
const DuplicatesDialog = lazy(() => import('./DuplicatesDialog'));

interface CreatePageProps {
  entity: Entity;
  /** References to fill in: the field and the id (entity:id where it may be any), as a "+" beside a list carries them. */
  given: Record<string, string>;
}

export function CreatePage({ entity, given }: CreatePageProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const start = useStart(entity, given);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title={t('form.create', { name: label(entity.label) })} back={paths.list(entity.name)} />
      {start ? <CreateForm entity={entity} start={start} /> : <WaitingLines />}
    </div>
  );
}

/** The values that a new record starts with; undefined while references are looked up. */
function useStart(entity: Entity, given: Record<string, string>): Values | undefined {
  const { entities } = useMeta();
  const me = useMe();
  const formats = useFormats();
  const wanted = entity.fields.flatMap((field) => {
    const [first = '', second] = (given[field.key] ?? '').split(':');
    const target = second ? first : targetOf(field);
    const id = second ?? first;
    if (!target || !id || (second && field.type !== 'any_ref')) return [];
    return [{ field, target, id, title: entities[target]?.title ?? 'name' }];
  });
  const found = useQueries({
    queries: wanted.map(({ target, id, title }) => ({
      queryKey: ['record', target, id, 'title'],
      queryFn: () => get<Row>(`records/${target}/${id}`, { fields: title }),
    })),
  });
  if (found.some((query) => query.isPending)) return undefined;
  const start = defaultsOf(entity, { id: me.id, label: me.name }, formats);
  for (const [i, { field, target, id, title }] of wanted.entries()) {
    const ref = { id, label: String(found[i]?.data?.[title] ?? id) };
    const one = field.type === 'any_ref' ? { ...ref, type: target } : ref;
    start[field.key] = field.settings?.many ? [one] : one;
  }
  return start;
}

function CreateForm({ entity, start }: { entity: Entity; start: Values }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [hits, setHits] = useState<Duplicate[]>([]);
  const agreed = useRef(false);
  const answer = useRef<(go: boolean) => void>(() => {});
  const { entities } = useMeta();
  const fields = [
    ...formGroupsOf(entity).flatMap((group) => group.fields),
    ...lineFieldsOf(entity, entities),
  ];

  /** Shows likely duplicates and waits for a decision. */
  async function mayGoOn(values: Values): Promise<boolean> {
    if (agreed.current) return true;
    const found = await records.duplicates(entity.name, values).catch((error: unknown) => {
      // Where an entity has no duplicate rules the question itself is unknown.
      if (error instanceof Problem && error.status >= 400 && error.status < 500) return { items: [] };
      throw error;
    });
    if (found.items.length === 0) return true;
    setHits(found.items);
    const go = await new Promise<boolean>((resolve) => {
      answer.current = resolve;
    });
    setHits([]);
    agreed.current = go;
    return go;
  }

  async function save(values: Values, done: () => void) {
    const sent = changes(fields, {}, values);
    if (!(await mayGoOn(sent))) return;
    const made = await records.create(entity.name, sent);
    done();
    if (isPending(made)) {
      toasts.say(t('form.pending'));
      await navigate({ to: paths.list(entity.name), replace: true });
      return;
    }
    await refresh(client, entity.name);
    toasts.say(t('form.created', { name: label(entity.label) }));
    if (made.duplicates?.length && !agreed.current)
      toasts.warn(t('duplicates.after', { count: made.duplicates.length }));
    await navigate({ to: paths.record(entity.name, made.id), replace: true });
  }

  return (
    <>
      <RecordForm
        entity={entity}
        initial={start}
        onSave={save}
        onCancel={() => navigate({ to: paths.list(entity.name) })}
      />
      {hits.length > 0 && (
        <Suspense>
          <DuplicatesDialog entity={entity} hits={hits} onAnswer={(go) => answer.current(go)} />
        </Suspense>
      )}
    </>
  );
}
