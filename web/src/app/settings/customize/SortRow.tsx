import { Ellipsis, GripVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Menu, type MenuEntry } from '@/ui/Menu';

interface SortRowProps {
  name: string;
  /** What lists of what kind this row may be dragged between. */
  kind: string;
  /** Where it stands, told to whoever it is dropped on. */
  place: string;
  isFirst: boolean;
  isLast: boolean;
  onStep(by: -1 | 1): void;
  /** Another row was dropped on this one. */
  onDrop(from: string): void;
  entries?: MenuEntry[];
  children: ReactNode;
}

/** A row that is put elsewhere by dragging, or by up and down in its menu. */
export function SortRow({ name, kind, place, isFirst, isLast, ...row }: SortRowProps) {
  const { t } = useTranslation();
  const type = `application/x-guanxi-${kind}`;
  const entries: MenuEntry[] = [
    ...(isFirst ? [] : [{ id: 'up', name: t('settings.order.up'), onAction: () => row.onStep(-1) }]),
    ...(isLast ? [] : [{ id: 'down', name: t('settings.order.down'), onAction: () => row.onStep(1) }]),
    ...(row.entries ?? []),
  ];
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.stopPropagation();
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData(type, place);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(type)) return;
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.dataset.over = '';
      }}
      onDragLeave={(event) => {
        delete event.currentTarget.dataset.over;
      }}
      onDrop={(event) => {
        delete event.currentTarget.dataset.over;
        const from = event.dataTransfer.getData(type);
        if (from === '') return;
        event.preventDefault();
        event.stopPropagation();
        row.onDrop(from);
      }}
      className={cx(
        'group flex min-h-9 items-center gap-2 border-b border-line pr-1 pl-1 last:border-b-0 hover:bg-hover',
        'data-over:bg-accent-wash pointer-coarse:min-h-11',
      )}
    >
      <GripVertical size={14} aria-hidden="true" className="shrink-0 cursor-grab text-ink-3" />
      <div className="flex min-w-0 flex-1 items-center gap-2">{row.children}</div>
      {entries.length > 0 && (
        <Menu entries={entries}>
          <IconButton
            label={t('settings.departments.more', { name })}
            className="!size-7 pointer-coarse:!size-10"
          >
            <Ellipsis size={15} aria-hidden="true" />
          </IconButton>
        </Menu>
      )}
    </li>
  );
}
