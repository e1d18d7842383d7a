import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Row } from '@/api/types';
import { useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../../places';
import { useTitle } from '../../useTitle';
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
  const { busy, failed, save } = useSaving();
  const changed = !sameRights(rights, stored);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        role="tablist"
        aria-label={t('settings.roles.parts')}
        className="flex h-11 shrink-0 items-center gap-0.5 border-b border-line px-3"
      >
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="role-part"
            onClick={() => setTab(one)}
            className={cx(
              'h-7 rounded-sm px-2.5 pointer-coarse:h-9',
              one === tab ? 'bg-pressed font-medium' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {t(`settings.roles.tab_${one}`)}
          </button>
        ))}
      </div>
      <div id="role-part" role="tabpanel" aria-labelledby={`tab-${tab}`} className="min-h-0 flex-1">
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
      </div>
      {(changed || failed !== null) && (
        <div className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2.5">
          {failed !== null ? (
            <div className="min-w-0 flex-1">
              <ProblemNotice error={failed} />
            </div>
          ) : (
            <p className="min-w-0 flex-1 text-ink-2">{t('settings.roles.changed')}</p>
          )}
          <Button onPress={() => setRights(stored)}>{t('settings.roles.give_up')}</Button>
          <Button
            look="primary"
            isDisabled={busy}
            onPress={() =>
              save(async () => {
                const now = await post<Rights>(`roles/${id}/rights`, rights);
                client.setQueryData(['role-rights', id], now);
                await client.invalidateQueries({ queryKey: ['meta'] });
              }, t('settings.roles.saved'))
            }
          >
            {t('action.save')}
          </Button>
        </div>
      )}
    </div>
  );
}
