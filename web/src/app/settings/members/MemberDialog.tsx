import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post } from '@/api/client';
import type { Row } from '@/api/types';
import { RefField } from '@/meta/fields/reference/RefField';
import { MultiSelect } from '@/ui/MultiSelect';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { choices, departmentChoices, refOf, refsOf, textOf, useDepartments, useRows } from '../rows';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';

interface MemberDialogProps {
  /** null: a new one. */
  member: Row | null;
  onClose(): void;
  /** A new member who can be invited now. */
  onMade(member: Row): void;
}

/** What an administrator decides of a member: who he is, where he stands, what he may do. */
export function MemberDialog({ member, onClose, onMade }: MemberDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const departments = useDepartments();
  const positions = useRows('org.position', 'name', '-level');
  const roles = useRows('org.role', 'name', 'name');
  const saving = useSaving();
  const { errors, save } = saving;
  const [name, setName] = useState(textOf(member?.name));
  const [login, setLogin] = useState(textOf(member?.login));
  const [email, setEmail] = useState(textOf(member?.email));
  const [department, setDepartment] = useState(refOf(member?.department)?.id ?? null);
  const [position, setPosition] = useState(refOf(member?.position)?.id ?? null);
  const first = refOf(member?.superior);
  const [superior, setSuperior] = useState(first ? [first] : []);
  const [given, setGiven] = useState(refsOf(member?.roles).map((role) => role.id ?? ''));
  const [admin, setAdmin] = useState(member?.admin === true);

  async function submit() {
    const body = {
      name,
      login: login || null,
      email: email || null,
      department,
      position,
      superior: superior[0]?.id ?? null,
      roles: given,
      admin,
    };
    let made: Row | undefined;
    const done = await save(
      async () => {
        if (member) {
          await patch(`records/org.member/${member.id}`, { ...body, version: member.version });
        } else {
          made = await post<Row>('records/org.member', body);
        }
        await client.invalidateQueries({ queryKey: ['records', 'org.member'] });
      },
      member ? undefined : '',
    );
    if (!done) return;
    onClose();
    if (made && login) onMade({ ...made, name, login });
  }

  return (
    <SaveDialog
      title={t(member ? 'settings.members.edit' : 'settings.members.new')}
      confirm={t(member ? 'action.save' : login ? 'settings.members.make_and_invite' : 'action.create')}
      saving={saving}
      isReady={name.trim() !== ''}
      onSave={submit}
      onClose={onClose}
    >
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
        <TextField
          label={t('settings.members.name')}
          value={name}
          onChange={setName}
          error={errors.name}
          isRequired
          autoFocus
        />
        <TextField
          label={t('settings.members.login')}
          value={login}
          onChange={setLogin}
          error={errors.login}
          autoComplete="off"
        />
        <TextField
          label={t('settings.members.email')}
          type="email"
          value={email}
          onChange={setEmail}
          error={errors.email}
          autoComplete="off"
        />
        <Select
          label={t('settings.members.department')}
          items={departmentChoices(departments.data ?? [])}
          value={department}
          onChange={setDepartment}
          error={errors.department}
          canClear
        />
        <Select
          label={t('settings.members.position')}
          items={choices(positions.data ?? [])}
          value={position}
          onChange={setPosition}
          error={errors.position}
          canClear
        />
        <RefField
          label={t('settings.members.superior')}
          target="org.member"
          value={superior}
          onChange={setSuperior}
          error={errors.superior}
        />
      </div>
      <MultiSelect
        label={t('settings.members.roles')}
        help={t('settings.members.roles_help')}
        items={choices(roles.data ?? [])}
        value={given}
        onChange={setGiven}
        error={errors.roles}
      />
      <Switch
        label={t('settings.members.admin')}
        help={t('settings.members.admin_help')}
        isRow
        isSelected={admin}
        onChange={setAdmin}
        error={errors.admin}
      />
    </SaveDialog>
  );
}
