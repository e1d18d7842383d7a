import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { type Contexts, useLabel } from '../context';
import { isEmpty } from '../fields';
import { FactValue } from '../fields/Value';
import { groupsOf, systemFieldsOf } from '../layout';

interface FactsProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  title: string;
}

/** The fields of a record with their values, in the groups of the layout. */
export function Facts({ entity, row, contexts, title }: FactsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [all, setAll] = useState(false);
  const groups = groupsOf(entity).map((group) => ({
    ...group,
    fields: all ? group.fields : group.fields.filter((field) => !isEmpty(row[field.key])),
  }));
  const hidden =
    groupsOf(entity).reduce((sum, group) => sum + group.fields.length, 0) -
    groups.reduce((sum, group) => sum + group.fields.length, 0);
  const system = systemFieldsOf(entity).filter((field) => !isEmpty(row[field.key]));
  return (
    <div className="flex flex-col gap-6 p-4 desk:p-5">
      <h2 className="text-title font-semibold break-words">{title}</h2>
      {groups
        .filter((group) => group.fields.length > 0)
        .map((group) => (
          <FactGroup
            key={group.key}
            name={label(group.label)}
            fields={group.fields}
            row={row}
            contexts={contexts}
          />
        ))}
      {(hidden > 0 || all) && (
        <Button look="quiet" className="-my-2 -ml-3 self-start" onPress={() => setAll(!all)}>
          {all ? t('record.hide_empty') : t('record.show_empty', { count: hidden })}
        </Button>
      )}
      {system.length > 0 && (
        <FactGroup name={t('record.system')} fields={system} row={row} contexts={contexts} />
      )}
    </div>
  );
}

interface FactGroupProps {
  name: string;
  fields: Field[];
  row: Row;
  contexts: Contexts;
}

function FactGroup({ name, fields, row, contexts }: FactGroupProps) {
  return (
    <section>
      {name && <h3 className="mb-2 text-meta font-semibold text-ink-3">{name}</h3>}
      <dl className="flex flex-col gap-1.5">
        {fields.map((field) => (
          <div key={field.key} className="grid grid-cols-[7rem_1fr] gap-2">
            <dt className="text-ink-3">{contexts.label(field.label)}</dt>
            <dd className="min-w-0 break-words">
              <FactValue value={row[field.key]} context={{ ...contexts, field, row }} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
