import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post, remove } from '@/api/client';
import type { Row } from '@/api/types';
import { ProblemNotice, useProblemText } from '@/meta/ProblemNotice';
import { Button, IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { Menu } from '@/ui/Menu';
import { WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { refsOf, textOf, useRows } from '../rows';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';
import type { Rights } from './rights';

type Making = { kind: 'new' } | { kind: 'copy' | 'edit'; of: Row };

/** Who may do what, by role. */
export function RolesSettings() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const roles = useRows('org.role', 'name,description,code', 'id');
  const members = useRows('org.member', 'name,roles,disabled', 'name');
  const [making, setMaking] = useState<Making | null>(null);
  const [dropped, setDropped] = useState<Row | null>(null);
  if (roles.isError) return <ProblemNotice error={roles.error} retry={() => roles.refetch()} />;
  if (!roles.data) return <WaitingLines lines={6} />;
  const namesOf = (id: string) =>
    (members.data ?? [])
      .filter((row) => row.disabled !== true && refsOf(row.roles).some((role) => role.id === id))
      .map((row) => textOf(row.name));
  async function drop(row: Row) {
    try {
      await remove(`records/org.role/${row.id}`, { version: row.version });
      toasts.say(t('settings.roles.deleted', { name: textOf(row.name) }));
    } catch (error) {
      toasts.warn(problem(error));
    }
    await client.invalidateQueries({ queryKey: ['records', 'org.role'] });
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-72 text-ink-2">{t('settings.roles.text')}</p>
        <Button look="primary" onPress={() => setMaking({ kind: 'new' })}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.roles.new')}
        </Button>
      </div>
      <ul className="-mt-4 rounded-md border border-line">
        {roles.data.map((row) => {
          const names = namesOf(row.id);
          return (
            <li
              key={row.id}
              className="flex items-center gap-1 border-b border-line pr-2 last:border-b-0 hover:bg-hover"
            >
              <Link
                to={`/settings/roles/${row.id}`}
                className="flex min-h-14 min-w-0 flex-1 items-center gap-4 px-3 py-2"
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{textOf(row.name)}</span>
                  <span className="block text-meta text-ink-3">{textOf(row.description)}</span>
                </span>
                <span className="max-w-56 truncate text-meta text-ink-3 max-desk:hidden">
                  {names.slice(0, 4).join(t('list.separator'))}
                </span>
                <span className="figures text-meta whitespace-nowrap text-ink-2">
                  {t('settings.departments.people', { count: names.length })}
                </span>
                <ChevronRight size={14} aria-hidden="true" className="text-ink-3" />
              </Link>
              <Menu
                entries={[
                  {
                    id: 'edit',
                    name: t('settings.roles.rename'),
                    onAction: () => setMaking({ kind: 'edit', of: row }),
                  },
                  {
                    id: 'copy',
                    name: t('settings.roles.copy'),
                    onAction: () => setMaking({ kind: 'copy', of: row }),
                  },
                  {
                    id: 'delete',
                    name: t('action.delete'),
                    danger: true,
                    divided: true,
                    onAction: () => setDropped(row),
                  },
                ]}
              >
                <IconButton label={t('settings.departments.more', { name: textOf(row.name) })}>
                  <Ellipsis size={16} aria-hidden="true" />
                </IconButton>
              </Menu>
            </li>
          );
        })}
      </ul>
      {making && <RoleDialog making={making} onClose={() => setMaking(null)} />}
      <Confirm
        title={t('settings.departments.delete_title', { name: textOf(dropped?.name) })}
        text={t('settings.roles.delete_text', { count: dropped ? namesOf(dropped.id).length : 0 })}
        confirm={t('action.delete')}
        isOpen={dropped !== null}
        onClose={() => setDropped(null)}
        onConfirm={() => dropped && drop(dropped)}
      />
    </>
  );
}

function RoleDialog({ making, onClose }: { making: Making; onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const saving = useSaving();
  const { errors, save } = saving;
  const of = making.kind === 'new' ? null : making.of;
  const [name, setName] = useState(
    making.kind === 'copy' ? t('settings.roles.copy_of', { name: textOf(of?.name) }) : textOf(of?.name),
  );
  const [description, setDescription] = useState(textOf(of?.description));
  async function submit() {
    let made: Row | undefined;
    const done = await save(
      async () => {
        const body = { name, description: description || null };
        if (making.kind === 'edit') {
          await patch(`records/org.role/${making.of.id}`, { ...body, version: making.of.version });
        } else {
          made = await post<Row>('records/org.role', body);
          if (making.kind === 'copy')
            await post(`roles/${made.id}/rights`, await get<Rights>(`roles/${making.of.id}/rights`));
        }
        await client.invalidateQueries({ queryKey: ['records', 'org.role'] });
      },
      making.kind === 'edit' ? undefined : '',
    );
    if (!done) return;
    onClose();
    if (made) await navigate({ to: `/settings/roles/${made.id}` });
  }
  return (
    <SaveDialog
      title={t(`settings.roles.${making.kind === 'edit' ? 'rename' : making.kind}`)}
      confirm={t(making.kind === 'edit' ? 'action.save' : 'action.create')}
      saving={saving}
      isReady={name.trim() !== ''}
      onSave={submit}
      onClose={onClose}
    >
      <TextField
        label={t('settings.roles.name')}
        value={name}
        onChange={setName}
        error={errors.name}
        isRequired
        autoFocus
      />
      <TextField
        label={t('settings.roles.description')}
        value={description}
        onChange={setDescription}
        error={errors.description}
        lines={2}
      />
    </SaveDialog>
  );
}
