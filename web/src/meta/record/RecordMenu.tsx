import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Play, Printer, Sheet, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Action, Entity, Question, Row } from '@/api/types';
import { useCommands } from '@/lib/commands';
import { Button, IconButton } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { toasts } from '@/ui/toasts';
import { type Condition, holds } from '../condition';
import { may, useLabel } from '../context';
import { records, refresh } from '../data';
import { useStar } from '../desk';
import { useProblemText } from '../ProblemNotice';
import { paths } from '../paths';
import { isSealed } from '../sealed';
import { isSettled } from '../settled';
import { useActed } from './useActed';

const ActionDialog = lazy(() => import('./ActionDialog'));
const QuestionDialog = lazy(() => import('./QuestionDialog'));
const PrintDialog = lazy(() => import('./PrintDialog'));

interface RecordMenuProps {
  entity: Entity;
  row: Row;
  title: string;
  /** How many of the entity's own actions stand as buttons before the menu. */
  buttons?: number;
}

/** Everything else that can be done with a record: its actions as it stands now, deleting it. */
export function RecordMenu({ entity, row, title, buttons = 0 }: RecordMenuProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [asking, setAsking] = useState(false);
  const [printing, setPrinting] = useState(false);
  const [action, setAction] = useState<Action | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const remove = useRemove(entity, row, title);
  const act = useAct(entity, row, take);
  /** What asks for nothing is done at once. */
  function take(one: Action) {
    if ((one.input ?? []).length > 0) setAction(one);
    else void act(one);
  }
  const now = (entity.actions ?? []).filter(
    ({ when, only }) =>
      (!when || when.in.includes(String(row[when.field] ?? ''))) &&
      (!only || holds(only as Condition, new Map(entity.fields.map((field) => [field.key, field])), row)),
  );
  const navigate = useNavigate();
  // What such a record waits for is a button everywhere, a bare transfer never.
  const main = now.filter((one) => one.main);
  const plain = now.filter((one) => !one.main && one.name !== 'transfer');
  const first = [...main, ...plain.slice(0, Math.max(0, buttons - main.length))];
  const entry = (one: Action): MenuEntry => ({
    id: one.name,
    name: label(one.label),
    icon: <Play size={13} aria-hidden="true" />,
    onAction: () => take(one),
  });
  const entries = now.filter((one) => !first.includes(one)).map(entry);
  const prints = (entity.prints ?? []).length > 0;
  const print: MenuEntry = {
    id: ' print',
    name: t('print.open'),
    icon: <Printer size={14} aria-hidden="true" />,
    divided: entries.length > 0,
    onAction: () => setPrinting(true),
  };
  // A paper is there to be printed: where there is room, that is no search in a menu.
  const hasPrintButton = prints && buttons > 0;
  if (prints && !hasPrintButton) entries.push(print);
  for (const one of entity.questions ?? []) {
    entries.push({
      id: `? ${one.name}`,
      name: label(one.label),
      icon: <Sheet size={14} aria-hidden="true" />,
      onAction: () => setQuestion(one),
    });
  }
  const mayWrite = !isSealed(entity, row);
  if (mayWrite && !isSettled(entity, row) && may(entity, 'delete')) {
    entries.push({
      id: ' delete',
      name: t('action.delete'),
      icon: <Trash2 size={14} aria-hidden="true" />,
      danger: true,
      divided: entries.length > 0,
      onAction: () => setAsking(true),
    });
  }
  const [isStarred, star] = useStar({ entity: entity.name, record: row.id }, title);
  useCommands([
    ...(mayWrite && may(entity, 'update')
      ? [
          {
            id: 'edit',
            group: 'record' as const,
            name: t('action.edit'),
            keys: 'e',
            run: () => void navigate({ to: paths.edit(entity.name, row.id) }),
          },
        ]
      : []),
    { id: 'star', group: 'record', name: t(isStarred ? 'desk.unstar' : 'desk.star'), keys: 's', run: star },
    ...[...first.map(entry), ...(hasPrintButton ? [print] : []), ...entries].map(
      ({ id, name, onAction }) => ({
        id,
        group: 'record' as const,
        name,
        run: onAction,
      }),
    ),
  ]);
  return (
    <>
      {hasPrintButton && (
        <IconButton label={t('print.open')} onPress={() => setPrinting(true)}>
          <Printer size={16} aria-hidden="true" />
        </IconButton>
      )}
      {entries.length > 0 && (
        <Menu entries={entries}>
          <IconButton label={t('action.more')}>
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        </Menu>
      )}
      {first.map((one) => (
        <Button key={one.name} look={one.main ? 'primary' : undefined} onPress={() => take(one)}>
          {label(one.label)}
        </Button>
      ))}
      <Confirm
        title={t('record.delete', { name: title })}
        text={t('record.delete_text')}
        confirm={t('action.delete')}
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={remove}
      />
      {printing && (
        <Suspense>
          <PrintDialog entity={entity} row={row} onClose={() => setPrinting(false)} />
        </Suspense>
      )}
      {question && (
        <Suspense>
          <QuestionDialog {...{ entity, row, question }} onClose={() => setQuestion(null)} />
        </Suspense>
      )}
      {action && (
        <Suspense>
          <ActionDialog entity={entity} row={row} action={action} onClose={() => setAction(null)} />
        </Suspense>
      )}
    </>
  );
}

/** Takes an action; where it is refused and another helps, that one is offered. */
function useAct(entity: Entity, row: Row, take: (helps: Action) => void) {
  const label = useLabel();
  const acted = useActed(entity, row);
  const client = useQueryClient();
  const problem = useProblemText();
  return async (action: Action) => {
    try {
      await records.act(entity.name, row.id, action.name, {}, row.version);
      await refresh(client, entity.name, row.id);
      acted(action);
    } catch (error) {
      const offer = error instanceof Problem ? error.body.offer : undefined;
      const helps = offer ? entity.actions?.find(({ name }) => name === offer) : undefined;
      toasts.warn(problem(error), helps && { label: label(helps.label), run: () => take(helps) });
    }
  };
}

function useRemove(entity: Entity, row: Row, title: string) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useProblemText();
  async function restore() {
    try {
      await records.restore(entity.name, row.id);
      await refresh(client, entity.name, row.id);
      await navigate({ to: paths.record(entity.name, row.id) });
    } catch (error) {
      toasts.warn(problem(error));
    }
  }
  return async () => {
    try {
      await records.delete(entity.name, row.id, row.version);
      await navigate({ to: paths.list(entity.name) });
      client.removeQueries({ queryKey: ['record', entity.name, row.id] });
      await refresh(client, entity.name, row.id);
      toasts.say(t('record.deleted', { name: title }), restore);
    } catch (error) {
      toasts.warn(problem(error));
    }
  };
}
