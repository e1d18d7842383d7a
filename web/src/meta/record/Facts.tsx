import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { askedOf } from '../condition';
import { type Contexts, useLabel } from '../context';
import { FormTabs } from '../FormTabs';
import { isEmpty, isIdleRate } from '../fields';
import { groupsOf, systemFieldsOf } from '../layout';
import { Fact } from './Fact';
import { isHeading } from './RecordTitle';
import type { Editing } from './useEditing';

interface FactsProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  edit: Editing;
}

/** The fields of a record with their values, in the groups of the layout; its name is the heading above them. */
export function Facts({ entity, row, contexts, edit }: FactsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [all, setAll] = useState(false);
  const asked = askedOf(entity.fields, row);
  // What a condition hides and is empty is not spoken of; what holds a value is
  // kept, and found where everything is shown.
  const full = groupsOf(entity)
    .map((group) => ({
      ...group,
      fields: group.fields.filter(
        (field) =>
          !isHeading(entity, field) &&
          ((asked.isShown(field) && !isIdleRate(field, (key) => row[key], contexts.own)) ||
            !isEmpty(row[field.key])),
      ),
    }))
    .filter((group) => group.fields.length > 0);
  const groups = full
    .map((group) => ({
      ...group,
      fields: group.fields.filter(
        (field) =>
          all ||
          field.key === edit.touched ||
          (asked.isShown(field) &&
            !isTwin(field, row) &&
            (!isEmpty(row[field.key]) || asked.isRequired(field))),
      ),
    }))
    .filter((group) => group.fields.length > 0);
  const count = (list: typeof full) => list.reduce((sum, group) => sum + group.fields.length, 0);
  const hidden = count(full) - count(groups);
  const heading = entity.fields.filter((field) => isHeading(entity, field));
  const order = [...heading, ...groups.flatMap((group) => group.fields)].filter(edit.mayEdit);
  edit.inOrder(order);
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
      onCommit={(value, step) => edit.commit(field, value, step)}
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

/** An amount in the company's own currency that says what the record's own amount says already. */
function isTwin({ key, settings }: Field, row: Row): boolean {
  const own = key.replace(/_base$/, '');
  return settings.base === true && own !== key && !isEmpty(row[own]) && row[own] === row[key];
}

function FactGroup({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <section>
      {name && <h3 className="mb-1.5 text-meta font-semibold text-ink-3">{name}</h3>}
      <dl className="flex flex-col gap-0.5">{children}</dl>
    </section>
  );
}
