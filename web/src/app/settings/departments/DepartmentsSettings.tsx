import { useQueryClient } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, Ellipsis, GripVertical, Network, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, remove } from '@/api/client';
import type { Row } from '@/api/types';
import { ProblemNotice, useProblemText } from '@/meta/ProblemNotice';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Confirm } from '@/ui/Dialog';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { Empty, WaitingLines } from '@/ui/states';
import { toasts } from '@/ui/toasts';
import { type Place, refOf, refsOf, textOf, treeOf, useDepartments, useRows, withBelow } from '../rows';
import { DepartmentDialog } from './DepartmentDialog';
import { MoveDialog } from './MoveDialog';

/** The company as a tree; a department is moved by dragging it or by "move to". */
export function DepartmentsSettings() {
  const { t } = useTranslation();
  const departments = useDepartments();
  const members = useRows('org.member', 'department,departments,disabled');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<{ row: Row | null; parent: string | null } | null>(null);
  const [moved, setMoved] = useState<Row | null>(null);
  const [dropped, setDropped] = useState<Row | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const work = useDepartmentWork();
  if (departments.isError)
    return <ProblemNotice error={departments.error} retry={() => departments.refetch()} />;
  if (!departments.data) return <WaitingLines lines={8} />;
  const places = treeOf(departments.data);
  const heads = new Map<string, number>();
  for (const member of members.data ?? []) {
    if (member.disabled === true) continue;
    const at = new Set([refOf(member.department), ...refsOf(member.departments)].map((ref) => ref?.id ?? ''));
    for (const id of at) heads.set(id, (heads.get(id) ?? 0) + 1);
  }
  const hidden = new Set(
    [...closed].flatMap((id) => [...withBelow(places, id)].filter((below) => below !== id)),
  );
  const forbidden = dragged ? withBelow(places, dragged) : new Set<string>();
  const drop = (parent: string | null) => {
    setOver(null);
    setDragged(null);
    const row = departments.data.find((one) => one.id === dragged);
    if (row && (refOf(row.parent)?.id ?? null) !== parent) work.move(row, parent);
  };
  const fold = (id: string) =>
    setClosed((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-72 text-ink-2">{t('settings.departments.text')}</p>
        <Button look="primary" onPress={() => setEdited({ row: null, parent: null })}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.departments.new')}
        </Button>
      </div>
      {places.length === 0 ? (
        <Empty
          icon={<Network size={18} aria-hidden="true" />}
          title={t('settings.departments.none')}
          text={t('settings.departments.none_text')}
        >
          <Button onPress={() => setEdited({ row: null, parent: null })}>
            {t('settings.departments.new')}
          </Button>
        </Empty>
      ) : (
        <div className="-mt-4">
          <ul className="rounded-md border border-line">
            {places
              .filter(({ row }) => !hidden.has(row.id))
              .map((place) => (
                <DepartmentLine
                  key={place.row.id}
                  place={place}
                  people={heads.get(place.row.id) ?? 0}
                  isClosed={closed.has(place.row.id)}
                  isOver={over === place.row.id && !forbidden.has(place.row.id)}
                  onFold={() => fold(place.row.id)}
                  onDrag={setDragged}
                  onOver={(id) => setOver(forbidden.has(id) ? null : id)}
                  onDrop={() => !forbidden.has(place.row.id) && drop(place.row.id)}
                  onEdit={() => setEdited({ row: place.row, parent: null })}
                  onAdd={() => setEdited({ row: null, parent: place.row.id })}
                  onMove={() => setMoved(place.row)}
                  onStep={(by) => work.step(place, by)}
                  onDelete={() => setDropped(place.row)}
                />
              ))}
          </ul>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; "move to" does the same by keyboard */}
          <div
            onDragOver={(event) => {
              if (dragged) event.preventDefault();
              setOver('');
            }}
            onDrop={() => drop(null)}
            className={cx(
              'mt-2 grid h-10 place-items-center rounded-md border border-dashed text-meta',
              dragged ? 'visible' : 'invisible',
              over === '' ? 'border-accent bg-accent-wash text-accent-ink' : 'border-line-strong text-ink-3',
            )}
          >
            {t('settings.departments.to_top')}
          </div>
        </div>
      )}
      {edited && <DepartmentDialog {...edited} onClose={() => setEdited(null)} />}
      {moved && (
        <MoveDialog
          department={moved}
          places={places}
          onClose={() => setMoved(null)}
          onMove={(parent) => work.move(moved, parent)}
        />
      )}
      <Confirm
        title={t('settings.departments.delete_title', { name: textOf(dropped?.name) })}
        text={t('settings.departments.delete_text')}
        confirm={t('action.delete')}
        isOpen={dropped !== null}
        onClose={() => setDropped(null)}
        onConfirm={() => dropped && work.drop(dropped)}
      />
    </>
  );
}

interface LineProps {
  place: Place;
  people: number;
  isClosed: boolean;
  isOver: boolean;
  onFold(): void;
  onDrag(id: string | null): void;
  onOver(id: string): void;
  onDrop(): void;
  onEdit(): void;
  onAdd(): void;
  onMove(): void;
  onStep(by: -1 | 1): void;
  onDelete(): void;
}

function DepartmentLine({ place, people, isClosed, isOver, ...on }: LineProps) {
  const { t } = useTranslation();
  const { row, depth, siblings, hasBelow } = place;
  const name = textOf(row.name);
  const at = siblings.indexOf(row);
  const Fold = isClosed ? ChevronRight : ChevronDown;
  const entries: MenuEntry[] = [
    { id: 'edit', name: t('action.edit'), onAction: on.onEdit },
    { id: 'add', name: t('settings.departments.add_below'), onAction: on.onAdd },
    { id: 'move', name: t('settings.departments.move'), onAction: on.onMove, divided: true },
    ...(at > 0 ? [{ id: 'up', name: t('settings.order.up'), onAction: () => on.onStep(-1) }] : []),
    ...(at < siblings.length - 1
      ? [{ id: 'down', name: t('settings.order.down'), onAction: () => on.onStep(1) }]
      : []),
    { id: 'delete', name: t('action.delete'), danger: true, divided: true, onAction: on.onDelete },
  ];
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', name);
        on.onDrag(row.id);
      }}
      onDragEnd={() => on.onDrag(null)}
      onDragOver={(event) => {
        event.preventDefault();
        on.onOver(row.id);
      }}
      onDrop={on.onDrop}
      className={cx(
        'group flex h-10 items-center gap-1.5 border-b border-line pr-2 pl-1 last:border-b-0 pointer-coarse:h-12',
        isOver ? 'bg-accent-wash' : 'hover:bg-hover',
      )}
    >
      <GripVertical
        size={14}
        aria-hidden="true"
        className="shrink-0 cursor-grab text-ink-3 opacity-0 group-hover:opacity-100"
      />
      <span style={{ width: depth * 20 }} className="shrink-0" />
      {hasBelow ? (
        <button
          type="button"
          aria-expanded={!isClosed}
          aria-label={t(isClosed ? 'settings.departments.unfold' : 'settings.departments.fold', { name })}
          onClick={on.onFold}
          className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-pressed"
        >
          <Fold size={14} aria-hidden="true" />
        </button>
      ) : (
        <span className="size-6 shrink-0" />
      )}
      <button
        type="button"
        onClick={on.onEdit}
        className="min-h-6 min-w-0 truncate rounded-sm px-1 text-left font-medium hover:underline"
      >
        {name}
      </button>
      {refOf(row.head) && (
        <span className="truncate text-meta text-ink-3">
          {t('settings.departments.headed', { name: refOf(row.head)?.label ?? '' })}
        </span>
      )}
      <span className="figures ml-auto shrink-0 pr-1 text-meta text-ink-3">
        {t('settings.departments.people', { count: people })}
      </span>
      <Menu entries={entries}>
        <IconButton label={t('settings.departments.more', { name })}>
          <Ellipsis size={16} aria-hidden="true" />
        </IconButton>
      </Menu>
    </li>
  );
}

/** Moves, orders and deletes departments; what goes wrong is said. */
function useDepartmentWork() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const asked = () => client.invalidateQueries({ queryKey: ['records', 'org.department'] });
  async function run(fn: () => Promise<unknown>, said?: string, undo?: () => void) {
    try {
      await fn();
      if (said) toasts.say(said, undo);
    } catch (error) {
      toasts.warn(problem(error));
    }
    await asked();
  }
  const put = (row: Row, body: object) =>
    patch(`records/org.department/${row.id}`, body, { 'If-Match': '*' });
  return {
    move(row: Row, parent: string | null) {
      const before = refOf(row.parent)?.id ?? null;
      return run(
        () => put(row, { parent, order_no: null }),
        t('settings.departments.moved', { name: textOf(row.name) }),
        () => run(() => put(row, { parent: before, order_no: row.order_no ?? null })),
      );
    },
    step({ row, siblings }: Place, by: -1 | 1) {
      const order = [...siblings];
      const at = order.indexOf(row);
      const other = order[at + by];
      if (!other) return;
      order[at] = other;
      order[at + by] = row;
      return run(async () => {
        for (const [i, one] of order.entries()) {
          if (one.order_no !== i + 1) await put(one, { order_no: i + 1 });
        }
      });
    },
    drop(row: Row) {
      return run(
        () => remove(`records/org.department/${row.id}`, { version: row.version }),
        t('settings.departments.deleted', { name: textOf(row.name) }),
      );
    },
  };
}
