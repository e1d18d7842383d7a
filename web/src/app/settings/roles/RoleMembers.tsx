import { useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch } from '@/api/client';
import { RefField } from '@/meta/fields/reference/RefField';
import { ProblemNotice, useProblemText } from '@/meta/ProblemNotice';
import { IconButton } from '@/ui/Button';
import { Empty, WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { refOf, refsOf, textOf, useRows } from '../rows';

/** Who has the role; giving and taking it works at once. */
export function RoleMembers({ role }: { role: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const members = useRows('org.member', 'name,login,department,roles,disabled', 'name');
  const [round, setRound] = useState(0);
  if (members.isError) return <ProblemNotice error={members.error} retry={() => members.refetch()} />;
  if (!members.data) return <WaitingLines lines={6} />;
  const having = members.data.filter((row) => refsOf(row.roles).some((one) => one.id === role));
  async function change(id: string, how: 'add' | 'remove') {
    try {
      await patch(`records/org.member/${id}`, { roles: { [how]: [role] } }, { 'If-Match': '*' });
    } catch (error) {
      toasts.warn(problem(error));
    }
    setRound((old) => old + 1);
    await client.invalidateQueries({ queryKey: ['records', 'org.member'] });
  }
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-4 px-4 py-5">
        <RefField
          key={round}
          label={t('settings.roles.add_member')}
          target="org.member"
          value={[]}
          onChange={([picked]) => picked?.id && change(picked.id, 'add')}
        />
        {having.length === 0 ? (
          <Empty title={t('settings.roles.no_members')} text={t('settings.roles.no_members_text')} />
        ) : (
          <ul className="rounded-md border border-line">
            {having.map((row) => (
              <li
                key={row.id}
                className="flex h-11 items-center gap-3 border-b border-line pr-2 pl-3 last:border-b-0 hover:bg-hover"
              >
                <span className="font-medium">{textOf(row.name)}</span>
                <span className="truncate text-meta text-ink-3">{refOf(row.department)?.label}</span>
                {row.disabled === true && (
                  <span className="text-meta text-danger">{t('settings.members.state_disabled')}</span>
                )}
                <IconButton
                  label={t('action.remove_name', { name: textOf(row.name) })}
                  className="ml-auto"
                  onPress={() => change(row.id, 'remove')}
                >
                  <X size={15} aria-hidden="true" />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
