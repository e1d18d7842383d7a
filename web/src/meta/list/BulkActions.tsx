// The actions of an entity that can be taken on many records at once: those that
// one of the chosen rows waits for.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action, Entity, Row } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { type Condition, holds } from '../condition';
import { fieldsOf, useLabel } from '../context';
import { type BulkOrder, most } from './bulk';

const ActionDialog = lazy(() => import('../record/ActionDialog'));

interface BulkActionsProps {
  entity: Entity;
  /** The chosen rows on show, and how many are chosen in all. */
  rows: Row[];
  count: number;
  onRun(order: BulkOrder): Promise<void>;
}

/** Whether an action is offered for a row, as far as the list shows what decides it. */
function isOffered(action: Action, entity: Entity, row: Row): boolean {
  const { when, only } = action;
  if (when && when.field in row && !when.in.includes(String(row[when.field] ?? ''))) return false;
  return !only || holds(only as Condition, fieldsOf(entity), row);
}

export function BulkActions({ entity, rows, count, onRun }: BulkActionsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [asked, setAsked] = useState<Action | null>(null);
  const [first] = rows;
  if (!first || count > most) return null;
  const offered = (entity.actions ?? []).filter(
    (one) => one.bulk && one.name !== 'transfer' && rows.some((row) => isOffered(one, entity, row)),
  );
  const run = (action: Action, input: Record<string, unknown>) =>
    onRun({ op: 'act', action: action.name, input });
  return (
    <>
      {offered.map((one) => (
        <Button
          key={one.name}
          look={one.main ? 'primary' : 'quiet'}
          className="!h-8 !px-2"
          onPress={() => ((one.input ?? []).length > 0 ? setAsked(one) : void run(one, {}))}
        >
          {label(one.label)}
        </Button>
      ))}
      {asked && (
        <Suspense>
          <ActionDialog
            entity={entity}
            row={first}
            action={asked}
            title={t('bulk.title.act', { name: label(asked.label), n: decimalText(count) })}
            confirm={label(asked.label)}
            send={async (input) => {
              setAsked(null);
              await run(asked, input);
              return first;
            }}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </>
  );
}
