import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { askedOf } from '../condition';
import { type Contexts, may, useLabel } from '../context';
import { FormTabs } from '../FormTabs';
import { canEdit, isEmpty } from '../fields';
import { fault } from '../form/validate';
import { groupsOf, systemFieldsOf } from '../layout';
import { Fact, type Refused } from './Fact';
import type { Step } from './InlineEditor';
import type { Saving } from './useSaving';

interface FactsProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  saving: Saving;
}

/** The fields of a record with their values, in the groups of the layout. */
export function Facts({ entity, row, contexts, saving }: FactsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [all, setAll] = useState(false);
  const edit = useEditing(entity, saving, row);
  const asked = askedOf(entity.fields, row);
  // What a condition hides and is empty is not spoken of; what holds a value is
  // kept, and found where everything is shown.
  const full = groupsOf(entity)
    .map((group) => ({
      ...group,
      fields: group.fields.filter((field) => asked.isShown(field) || !isEmpty(row[field.key])),
    }))
    .filter((group) => group.fields.length > 0);
  const groups = full
    .map((group) => ({
      ...group,
      fields: group.fields.filter(
        (field) =>
          all ||
          field.key === edit.touched ||
          (asked.isShown(field) && (!isEmpty(row[field.key]) || asked.isRequired(field))),
      ),
    }))
    .filter((group) => group.fields.length > 0);
  const count = (list: typeof full) => list.reduce((sum, group) => sum + group.fields.length, 0);
  const hidden = count(full) - count(groups);
  const order = groups.flatMap((group) => group.fields.filter(edit.mayEdit));
  const system = systemFieldsOf(entity).filter((field) => !isEmpty(row[field.key]));
  const draw = (field: Field) => (
    <Fact
      key={field.key}
      {...{ field, row, contexts }}
      canEdit={edit.mayEdit(field)}
      isRequired={asked.isRequired(field)}
      isEditing={edit.editing === field.key}
      hasFocus={edit.back === field.key}
      refused={edit.refused[field.key]}
      onEdit={() => edit.begin(field)}
      onCommit={(value, step) => edit.commit(field, value, step, order)}
      onCancel={() => edit.cancel(field)}
    />
  );
  return (
    <div className="flex flex-col gap-6">
      <FormTabs
        entity={entity}
        groups={groups}
        className="gap-6"
        draw={(group) => (
          <FactGroup key={group.key} name={label(group.label)}>
            {group.fields.map(draw)}
          </FactGroup>
        )}
      />
      {(hidden > 0 || all) && (
        <Button look="quiet" className="-my-2 -ml-3 self-start" onPress={() => setAll(!all)}>
          {all ? t('record.hide_empty') : t('record.show_empty', { count: hidden })}
        </Button>
      )}
      {system.length > 0 && <FactGroup name={t('record.system')}>{system.map(draw)}</FactGroup>}
    </div>
  );
}

function FactGroup({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <section>
      {name && <h3 className="mb-1.5 text-meta font-semibold text-ink-3">{name}</h3>}
      <dl className="flex flex-col gap-0.5">{children}</dl>
    </section>
  );
}

/** Which fact is being edited, and what became of those before. */
function useEditing(entity: Entity, saving: Saving, row: Row) {
  const { t } = useTranslation();
  const label = useLabel();
  const [editing, setEditing] = useState<string | null>(null);
  const [base, setBase] = useState<unknown>(null);
  const [back, setBack] = useState<string | null>(null);
  const [touched, setTouched] = useState<string | null>(null);
  const [refused, setRefused] = useState<Record<string, Refused | undefined>>({});
  const mayUpdate = may(entity, 'update');
  const mayEdit = (field: Field) => mayUpdate && canEdit(field);

  function begin(field: Field) {
    setBase(row[field.key] ?? null);
    setTouched(field.key);
    setBack(null);
    setEditing(field.key);
  }

  function settle(field: Field, problem: Refused | undefined) {
    setRefused((old) => ({ ...old, [field.key]: problem }));
  }

  function leave(field: Field, step: Step) {
    setEditing((now) => (now === field.key ? null : now));
    setBack(step === 'left' ? null : field.key);
  }

  async function commit(field: Field, value: unknown, step: Step, order: Field[]) {
    const wrong = fault(field, value, askedOf(entity.fields, row).isRequired(field));
    if (wrong) {
      settle(field, { value, message: t(wrong, { name: label(field.label) }) });
      leave(field, step);
      return;
    }
    settle(field, undefined);
    const next =
      typeof step === 'number' && step !== 0
        ? order[order.findIndex((one) => one.key === field.key) + step]
        : undefined;
    if (next) begin(next);
    else leave(field, step);
    const message = await saving.change(field, base, value);
    if (message) settle(field, { value, message });
  }

  function cancel(field: Field) {
    settle(field, undefined);
    setEditing(null);
    setBack(field.key);
  }

  return { editing, back, touched, refused, mayEdit, begin, commit, cancel };
}
