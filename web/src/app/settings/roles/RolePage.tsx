import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, sendTagged, type Tagged } from '@/api/client';
import type { Row } from '@/api/types';
import { useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../../places';
import { useTitle } from '../../useTitle';
import { CollisionDialog } from '../CollisionDialog';
import { Parts } from '../Parts';
import { textOf } from '../rows';
import { SettingsFrame } from '../SettingsPage';
import { useShared } from '../useShared';
import { FieldRights } from './FieldRights';
import { RightsTable } from './RightsTable';
import { RoleMembers } from './RoleMembers';
import { piecesOf, type Rights, rightsFrom, sameRights } from './rights';
import { useRightWords } from './useRightWords';

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
    queryFn: ({ signal }) => sendTagged<Rights>(`roles/${id}/rights`, { signal }),
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
        <RoleRights key={id} id={id} stored={rights.data} />
      ) : (
        <WaitingLines lines={10} />
      )}
    </SettingsFrame>
  );
}

function RoleRights({ id, stored }: { id: string; stored: Tagged<Rights> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useRightWords();
  const [tab, setTab] = useState<Tab>('rights');
  const shared = useShared<Rights>({
    stored,
    pieces: piecesOf,
    whole: rightsFrom,
    said: t('settings.roles.saved'),
    write: async (value, base) => {
      const now = await sendTagged<Rights>(`roles/${id}/rights`, {
        method: 'POST',
        json: value,
        headers: { 'If-Match': base.tag },
      });
      client.setQueryData(['role-rights', id], now);
      await client.invalidateQueries({ queryKey: ['meta'] });
      return now;
    },
  });
  const { value: rights, setValue: setRights } = shared;
  return (
    <>
      <Parts
        label={t('settings.roles.parts')}
        tabs={tabs}
        nameOf={(one) => t(`settings.roles.tab_${one}`)}
        tab={tab}
        onTab={(one) => setTab(one)}
        changed={!sameRights(rights, shared.base.value)}
        saving={shared.saving}
        onGiveUp={shared.giveUp}
        onSave={shared.save}
      >
        {tab === 'rights' && (
          <RightsTable
            grants={rights.grants}
            onChange={(grants) => setRights((old) => ({ ...old, grants }))}
          />
        )}
        {tab === 'fields' && (
          <FieldRights
            fields={rights.fields}
            onChange={(fields) => setRights((old) => ({ ...old, fields }))}
          />
        )}
        {tab === 'members' && <RoleMembers role={id} />}
      </Parts>
      <CollisionDialog shared={shared} {...words} />
    </>
  );
}
