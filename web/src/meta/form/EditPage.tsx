import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { buttonClass } from '@/ui/Button';
import { PageHead } from '@/ui/PageHead';
import { Empty, WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { useLabel, useMeta } from '../context';
import { isPending, records, refresh, useRecord } from '../data';
import { formGroupsOf } from '../layout';
import { isLines, lineFieldsOf } from '../lines/lines';
import { useLineMerge } from '../lines/useLineMerge';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';
import { useTitleOf } from '../record/useTitleOf';
import { isSealed } from '../sealed';
import { isSettled, openIn } from '../settled';
import type { Conflict } from './ConflictDialog';
import { clashing, currentOf } from './merge';
import { RecordForm } from './RecordForm';
import { changes, type Values } from './validate';

// Fetched only when two people meet.
const ConflictDialog = lazy(() => import('./ConflictDialog'));

export function EditPage({ entity, id }: { entity: Entity; id: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const record = useRecord(entity.name, id);
  return (
    <div className="flex h-full min-h-0 flex-col">
      {record.data ? (
        <Head entity={entity} row={record.data} />
      ) : (
        <PageHead
          title={t('form.edit', { name: label(entity.label) })}
          back={paths.record(entity.name, id)}
        />
      )}
      {record.isError && (
        <div className="p-4">
          <ProblemNotice error={record.error} retry={() => record.refetch()} />
        </div>
      )}
      {record.isPending && <WaitingLines />}
      {record.data && isSealed(entity, record.data) && (
        <Empty
          icon={<Lock size={18} aria-hidden="true" />}
          title={t('form.sealed', { name: label(entity.label) })}
          text={t('form.sealed_text')}
        >
          <Link to={paths.record(entity.name, id)} className={buttonClass('plain')}>
            {t('form.sealed_back')}
          </Link>
        </Empty>
      )}
      {record.data && !isSealed(entity, record.data) && <EditForm whole={entity} loaded={record.data} />}
    </div>
  );
}

function Head({ entity, row }: { entity: Entity; row: Row }) {
  const { t } = useTranslation();
  const { title } = useTitleOf(entity, row);
  return <PageHead title={t('form.edit_record', { name: title })} back={paths.record(entity.name, row.id)} />;
}

function EditForm({ whole, loaded }: { whole: Entity; loaded: Row }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const client = useQueryClient();
  // What the form was opened with: a refetch behind it must not move the ground.
  const [base, setBase] = useState(loaded);
  const [entity] = useState(() => openIn(whole, loaded));
  const done = useRef(() => {});
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const { entities } = useMeta();
  const lines = lineFieldsOf(entity, entities);
  const fields = [...formGroupsOf(entity).flatMap((group) => group.fields), ...lines];
  const merge = useLineMerge(lines);
  const back = paths.record(entity.name, base.id);

  async function send(version: number, values: Values, isMerged: boolean) {
    const saved = await records.change(entity.name, base.id, version, values);
    done.current();
    if (isPending(saved)) {
      toasts.say(t('form.pending'));
    } else {
      client.setQueryData(['record', entity.name, base.id], saved);
      await refresh(client, entity.name, base.id);
      toasts.say(t(isMerged ? 'conflict.merged' : 'form.saved'));
    }
    await navigate({ to: back, replace: true });
  }

  async function save(values: Values, end: () => void) {
    done.current = end;
    const mine = changes(fields, base, values);
    if (Object.keys(mine).length === 0) end();
    if (Object.keys(mine).length === 0) return navigate({ to: back, replace: true });
    try {
      await send(base.version, mine, false);
    } catch (error) {
      await meet(error, base, mine, values);
    }
  }

  /** Somebody else saved first: what fits together is saved, what clashes is asked. */
  async function meet(error: unknown, from: Values, mine: Values, values: Values) {
    const current = currentOf(error);
    if (!current) throw error;
    const met = clashing(fields, from, mine, current).filter((field) => !isLines(field));
    const asked = merge.begin(from, mine, current);
    if (met.length + asked.fields.length > 0) {
      setConflict({
        fields: [...met, ...asked.fields],
        mine: { ...values, ...asked.mine },
        base: { ...from, ...asked.base },
        current: { ...current, ...asked.theirs },
        patch: { ...mine, ...asked.mine },
      });
      return;
    }
    const merged = merge.end(mine);
    try {
      await send(current.version, merged, true);
    } catch (again) {
      await meet(again, current, merged, values);
    }
  }

  async function settle(patch: Values) {
    if (!conflict) return;
    const { current, mine } = conflict;
    const merged = merge.end(patch);
    try {
      await send(current.version, merged, true);
    } catch (error) {
      await meet(error, current, merged, mine);
    }
  }

  return (
    <>
      {isSettled(whole, base) && (
        <p className="border-b border-line bg-sunken px-4 py-2.5 text-ink-2 desk:px-8">
          <Lock size={14} aria-hidden="true" className="mr-2 inline align-[-2px] text-ink-3" />
          {t('form.settled', { name: label(whole.label), state: stateOf(whole, base, label) })}
        </p>
      )}
      <RecordForm
        entity={entity}
        id={base.id}
        initial={base}
        onSave={save}
        onCancel={() => navigate({ to: back })}
        // From here on the form stands where the draft did: a save meets what others changed since.
        onDraft={(draft) => setBase((old) => ({ ...old, ...draft.base, version: draft.version }))}
      />
      {conflict && (
        <Suspense>
          <ConflictDialog
            key={conflict.current.version}
            conflict={conflict}
            onClose={() => setConflict(null)}
            onSave={settle}
          />
        </Suspense>
      )}
    </>
  );
}

/** The state that a record is settled in, as people read it. */
function stateOf({ fields, locked }: Entity, row: Row, label: ReturnType<typeof useLabel>): string {
  const field = fields.find(({ key }) => key === locked?.field);
  return label(field?.settings.options?.find(({ code }) => code === row[field.key])?.label);
}
