import { useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Medal, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post, remove } from '@/api/client';
import type { Row } from '@/api/types';
import { parseInteger } from '@/lib/digits';
import { FigureField } from '@/meta/fields/number/FigureField';
import { ProblemNotice, useProblemText } from '@/meta/ProblemNotice';
import { Button, IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { Menu } from '@/ui/Menu';
import { Empty, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { refOf, textOf, useRows } from '../rows';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';

/** What members are in the company, the highest first. */
export function PositionsSettings() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const positions = useRows('org.position', 'name,level,remark', '-level');
  const members = useRows('org.member', 'position,disabled');
  const [edited, setEdited] = useState<Row | 'new' | null>(null);
  const [dropped, setDropped] = useState<Row | null>(null);
  if (positions.isError) return <ProblemNotice error={positions.error} retry={() => positions.refetch()} />;
  if (!positions.data) return <WaitingLines lines={6} />;
  const people = (id: string) =>
    (members.data ?? []).filter((row) => refOf(row.position)?.id === id && row.disabled !== true).length;
  async function drop(row: Row) {
    try {
      await remove(`records/org.position/${row.id}`, { version: row.version });
    } catch (error) {
      toasts.warn(problem(error));
    }
    await client.invalidateQueries({ queryKey: ['records', 'org.position'] });
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-72 text-ink-2">{t('settings.positions.text')}</p>
        <Button look="primary" onPress={() => setEdited('new')}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.positions.new')}
        </Button>
      </div>
      {positions.data.length === 0 ? (
        <Empty
          icon={<Medal size={18} aria-hidden="true" />}
          title={t('settings.positions.none')}
          text={t('settings.positions.none_text')}
        >
          <Button onPress={() => setEdited('new')}>{t('settings.positions.new')}</Button>
        </Empty>
      ) : (
        <ul className="-mt-4 rounded-md border border-line">
          {positions.data.map((row) => (
            <li
              key={row.id}
              className="flex h-11 items-center gap-3 border-b border-line pr-2 pl-3 last:border-b-0 hover:bg-hover"
            >
              <span className="truncate font-medium">{textOf(row.name)}</span>
              <span className="truncate text-meta text-ink-3">
                {typeof row.level === 'number' && t('settings.positions.at_level', { level: row.level })}
              </span>
              <span className="figures ml-auto text-meta text-ink-3">
                {t('settings.departments.people', { count: people(row.id) })}
              </span>
              <Menu
                entries={[
                  { id: 'edit', name: t('action.edit'), onAction: () => setEdited(row) },
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
          ))}
        </ul>
      )}
      {edited !== null && (
        <PositionDialog row={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      <Confirm
        title={t('settings.departments.delete_title', { name: textOf(dropped?.name) })}
        text={t('settings.positions.delete_text')}
        confirm={t('action.delete')}
        isOpen={dropped !== null}
        onClose={() => setDropped(null)}
        onConfirm={() => dropped && drop(dropped)}
      />
    </>
  );
}

function PositionDialog({ row, onClose }: { row: Row | null; onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const saving = useSaving();
  const { errors, save } = saving;
  const [name, setName] = useState(textOf(row?.name));
  const [level, setLevel] = useState<unknown>(row?.level ?? null);
  async function submit() {
    const body = { name, level };
    const done = await save(async () => {
      if (row) await patch(`records/org.position/${row.id}`, { ...body, version: row.version });
      else await post('records/org.position', body);
      await client.invalidateQueries({ queryKey: ['records', 'org.position'] });
    });
    if (done) onClose();
  }
  return (
    <SaveDialog
      title={t(row ? 'settings.positions.edit' : 'settings.positions.new')}
      confirm={t(row ? 'action.save' : 'action.create')}
      saving={saving}
      isReady={name.trim() !== ''}
      onSave={submit}
      onClose={onClose}
    >
      <TextField
        label={t('settings.positions.name')}
        value={name}
        onChange={setName}
        error={errors.name}
        isRequired
        autoFocus
      />
      <FigureField
        label={t('settings.positions.level')}
        help={t('settings.positions.level_help')}
        value={level}
        onChange={setLevel}
        parse={parseInteger}
        error={errors.level}
      />
    </SaveDialog>
  );
}
