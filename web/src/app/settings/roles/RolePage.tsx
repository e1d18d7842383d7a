import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Row } from '@/api/types';
import { useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../../places';
import { useTitle } from '../../useTitle';
import { Parts } from '../Parts';
import { textOf } from '../rows';
import { SettingsFrame } from '../SettingsPage';
import { useSaving } from '../useSaving';
import { FieldRights } from './FieldRights';
import { RightsTable } from './RightsTable';
import { RoleMembers } from './RoleMembers';
import { type Rights, sameRights } from './rights';

const tabs = ['rights', 'fields', 'members'] as const;
type Tab = (typeof tabs)[number];

/** One role: what it may do with which records, with which fields, and who has it. */
export function RolePage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const me = useMe();
  const { t } = useTranslation();
  const role = useQuery({
    queryKey: ['record', 'org.role', id],
    queryFn: ({ signal }) => get<Row>(`records/org.role/${id}`, {}, signal),
    enabled: me.admin,
  });
  const rights = useQuery({
    queryKey: ['role-rights', id],
    queryFn: ({ signal }) => get<Rights>(`roles/${id}/rights`, {}, signal),
    enabled: me.admin,
  });
  useTitle(textOf(role.data?.name) || t('settings.roles.title'));
  if (!me.admin) return <Lost />;
  const failed = role.error ?? rights.error;
  return (
    <SettingsFrame
      current="roles"
      title={textOf(role.data?.name) || t('settings.roles.title')}
      back="/settings/roles"
      bare
    >
      {failed ? (
        <div className="p-4">
          <ProblemNotice error={failed} retry={() => Promise.all([role.refetch(), rights.refetch()])} />
        </div>
      ) : role.data && rights.data ? (
        <RoleRights key={JSON.stringify(rights.data)} id={id} stored={rights.data} />
      ) : (
        <WaitingLines lines={10} />
      )}
    </SettingsFrame>
  );
}

function RoleRights({ id, stored }: { id: string; stored: Rights }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [tab, setTab] = useState<Tab>('rights');
  const [rights, setRights] = useState(stored);
  const saving = useSaving();
  return (
    <Parts
      label={t('settings.roles.parts')}
      tabs={tabs}
      nameOf={(one) => t(`settings.roles.tab_${one}`)}
      tab={tab}
      onTab={(one) => setTab(one)}
      changed={!sameRights(rights, stored)}
      saving={saving}
      onGiveUp={() => setRights(stored)}
      onSave={() =>
        saving.save(async () => {
          const now = await post<Rights>(`roles/${id}/rights`, rights);
          client.setQueryData(['role-rights', id], now);
          await client.invalidateQueries({ queryKey: ['meta'] });
        }, t('settings.roles.saved'))
      }
    >
      {tab === 'rights' && (
        <RightsTable grants={rights.grants} onChange={(grants) => setRights((old) => ({ ...old, grants }))} />
      )}
      {tab === 'fields' && (
        <FieldRights fields={rights.fields} onChange={(fields) => setRights((old) => ({ ...old, fields }))} />
      )}
      {tab === 'members' && <RoleMembers role={id} />}
    </Parts>
  );
}
