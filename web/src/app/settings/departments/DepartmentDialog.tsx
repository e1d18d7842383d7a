import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post } from '@/api/client';
import type { Row } from '@/api/types';
import { RefField } from '@/meta/fields/reference/RefField';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { departmentChoices, refOf, textOf, treeOf, useDepartments, withBelow } from '../rows';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';

interface DepartmentDialogProps {
  /** null: a new one. */
  row: Row | null;
  /** Where a new one goes. */
  parent: string | null;
  onClose(): void;
}

export function DepartmentDialog({ row, parent: under, onClose }: DepartmentDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: rows = [] } = useDepartments();
  const saving = useSaving();
  const { errors, save } = saving;
  const [name, setName] = useState(textOf(row?.name));
  const [code, setCode] = useState(textOf(row?.code));
  const [parent, setParent] = useState(row ? (refOf(row.parent)?.id ?? null) : under);
  const headRef = refOf(row?.head);
  const deputyRef = refOf(row?.deputy);
  const [head, setHead] = useState(headRef ? [headRef] : []);
  const [deputy, setDeputy] = useState(deputyRef ? [deputyRef] : []);
  const below = row ? withBelow(treeOf(rows), row.id) : new Set<string>();

  async function submit() {
    const body = {
      name,
      code: code || null,
      parent,
      head: head[0]?.id ?? null,
      deputy: deputy[0]?.id ?? null,
    };
    const done = await save(async () => {
      if (row) await patch(`records/org.department/${row.id}`, { ...body, version: row.version });
      else await post('records/org.department', body);
      await client.invalidateQueries({ queryKey: ['records', 'org.department'] });
    });
    if (done) onClose();
  }

  return (
    <SaveDialog
      title={t(row ? 'settings.departments.edit' : 'settings.departments.new')}
      confirm={t(row ? 'action.save' : 'action.create')}
      saving={saving}
      isReady={name.trim() !== ''}
      onSave={submit}
      onClose={onClose}
    >
      <TextField
        label={t('settings.departments.name')}
        value={name}
        onChange={setName}
        error={errors.name}
        isRequired
        autoFocus
      />
      <Select
        label={t('settings.departments.parent')}
        items={departmentChoices(rows).filter((one) => !below.has(one.id))}
        value={parent}
        onChange={setParent}
        placeholder={t('settings.departments.top')}
        error={errors.parent}
        canClear
      />
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <RefField
          label={t('settings.departments.head')}
          target="org.member"
          value={head}
          onChange={setHead}
          error={errors.head}
        />
        <RefField
          label={t('settings.departments.deputy')}
          target="org.member"
          value={deputy}
          onChange={setDeputy}
          error={errors.deputy}
        />
      </div>
      <TextField label={t('settings.departments.code')} value={code} onChange={setCode} error={errors.code} />
    </SaveDialog>
  );
}
