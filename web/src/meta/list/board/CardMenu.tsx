import { useNavigate } from '@tanstack/react-router';
import { ArrowUpRight, Eye, MoveRight, Pencil } from 'lucide-react';
import { lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import type { MenuEntry } from '@/ui/Menu';
import { may } from '../../context';
import { paths } from '../../paths';
import { type Column, keyOf } from './columns';
import type { Mover } from './useMove';

const MenuSheet = lazy(() => import('@/ui/MenuSheet'));

export interface OpenMenu {
  row: Row;
  anchor: Element;
}

interface CardMenuProps {
  menu: OpenMenu;
  entity: Entity;
  mover: Mover;
  columns: Column[];
  onPeek?(id: string, toggle: boolean): void;
  onClose(): void;
}

/** The menu of a card: where it can go, which is what dragging does; opening and changing it. */
export function CardMenu({ menu, entity, mover, columns, onPeek, onClose }: CardMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const anchor = useRef(menu.anchor);
  const { row } = menu;
  const entries: MenuEntry[] = columns.flatMap((column) => {
    const way = mover.way(row, column.value);
    if (way.kind === 'stay') return [];
    return {
      id: `to ${keyOf(column.value)}`,
      name: t('board.move_to', { to: mover.name(column.value) }),
      icon: <MoveRight size={14} aria-hidden="true" />,
      isDisabled: way.kind === 'refused',
      note: way.kind === 'refused' ? mover.refusal(row, column.value) : undefined,
      onAction: () => mover.move(row, column.value),
    };
  });
  entries.push({
    id: 'open',
    name: t('board.open'),
    icon: <ArrowUpRight size={14} aria-hidden="true" />,
    divided: true,
    onAction: () => navigate({ to: paths.record(entity.name, row.id) }),
  });
  if (onPeek)
    entries.push({
      id: 'peek',
      name: t('list.keys.peek'),
      icon: <Eye size={14} aria-hidden="true" />,
      onAction: () => onPeek(row.id, false),
    });
  if (may(entity, 'update'))
    entries.push({
      id: 'edit',
      name: t('action.edit'),
      icon: <Pencil size={14} aria-hidden="true" />,
      onAction: () => navigate({ to: paths.edit(entity.name, row.id) }),
    });
  return (
    <Suspense>
      <MenuSheet
        anchor={anchor}
        label={t('board.menu', { name: mover.title(row) })}
        entries={entries}
        placement="bottom start"
        onClose={onClose}
      />
    </Suspense>
  );
}
