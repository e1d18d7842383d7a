import type { ReactNode } from 'react';
import { MenuItem as KitItem, Menu as KitMenu, MenuTrigger, Separator } from 'react-aria-components';
import { cx } from './cx';
import { itemClass, Popover } from './Popover';

export interface MenuEntry {
  id: string;
  name: string;
  icon?: ReactNode;
  danger?: boolean;
  onAction(): void;
  /** A line above this entry. */
  divided?: boolean;
}

/** A button (the child) that opens a menu. */
export function Menu({ children, entries }: { children: ReactNode; entries: MenuEntry[] }) {
  return (
    <MenuTrigger>
      {children}
      <Popover placement="bottom end" className="min-w-44">
        <KitMenu className="max-h-[70vh] overflow-auto p-1 outline-none">
          {entries.flatMap((entry) => [
            entry.divided && <Separator key={`${entry.id}-line`} className="my-1 h-px bg-line" />,
            <KitItem
              key={entry.id}
              id={entry.id}
              textValue={entry.name}
              onAction={entry.onAction}
              className={cx(itemClass, entry.danger && 'text-danger')}
            >
              {entry.icon}
              <span>{entry.name}</span>
            </KitItem>,
          ])}
        </KitMenu>
      </Popover>
    </MenuTrigger>
  );
}
