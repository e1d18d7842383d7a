// The menu of a button or of a right click, as a list that floats beside it or
// comes from below on a phone. Fetched by Menu and ContextMenu.
import { Check } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { Header, Menu as KitMenu, MenuItem, MenuSection, Separator } from 'react-aria-components';
import { useIsPhone } from '@/lib/media';
import { cx } from './cx';
import type { MenuEntry } from './Menu';
import { itemClass, Popover } from './Popover';
import { Sheet } from './Sheet';

interface MenuSheetProps {
  anchor: RefObject<Element | null>;
  /** What the menu is of; read out. */
  label: string;
  entries: MenuEntry[];
  startAt?: 'first' | 'last';
  placement?: 'bottom start' | 'bottom end' | 'top start';
  onClose(): void;
}

export default function MenuSheet(props: MenuSheetProps) {
  const { anchor, label, placement = 'bottom end', onClose } = props;
  const [isPhone] = useState(useIsPhone());
  if (isPhone) {
    return (
      <Sheet title={label} side="bottom" isOpen onClose={onClose}>
        <Entries {...props} />
      </Sheet>
    );
  }
  return (
    <Popover
      triggerRef={anchor}
      trigger="MenuTrigger"
      aria-label={label}
      placement={placement}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      className="min-w-44"
    >
      <Entries {...props} />
    </Popover>
  );
}

function Entries({ label, entries, startAt = 'first', onClose }: MenuSheetProps) {
  const icons = entries.some((entry) => entry.icon);
  const ticks = entries.some((entry) => entry.isChecked !== undefined);
  const ticked = entries.filter((entry) => entry.isChecked).map((entry) => entry.id);
  return (
    <KitMenu
      aria-label={label}
      autoFocus={startAt}
      onClose={onClose}
      selectionMode={ticks ? 'multiple' : 'none'}
      selectedKeys={ticked}
      disabledKeys={entries.filter((entry) => entry.isDisabled).map((entry) => entry.id)}
      className="max-h-[70vh] overflow-auto p-1 outline-none"
    >
      {inSections(entries).flatMap((part) => {
        const items = part.entries.flatMap(lineOf);
        if (!part.heading) return items;
        return (
          <MenuSection key={part.heading} className="pt-2 first:pt-0">
            <Header className="px-2 py-1 text-meta text-ink-3">{part.heading}</Header>
            {items}
          </MenuSection>
        );
      })}
    </KitMenu>
  );

  function lineOf(entry: MenuEntry) {
    return [
      entry.divided && <Separator key={`${entry.id}-line`} className="-mx-1 my-1 h-px bg-line" />,
      <MenuItem
        key={entry.id}
        id={entry.id}
        textValue={entry.name}
        shouldCloseOnSelect
        onAction={entry.onAction}
        className={cx(itemClass, entry.danger ? 'text-danger focused:bg-danger-wash' : 'text-ink')}
      >
        {icons && (
          <span className={cx('grid w-4 shrink-0 place-items-center', !entry.danger && 'text-ink-2')}>
            {entry.icon}
          </span>
        )}
        <span className="min-w-0 flex-1">{entry.name}</span>
        {entry.note && <span className="pl-4 text-meta text-ink-3">{entry.note}</span>}
        {ticks && (
          <Check
            size={14}
            aria-hidden="true"
            className={cx('text-accent-ink', !entry.isChecked && 'invisible')}
          />
        )}
      </MenuItem>,
    ];
  }
}

/** Entries by the headings that they stand under; those before the first one under none. */
function inSections(entries: MenuEntry[]): { heading: string; entries: MenuEntry[] }[] {
  const parts: { heading: string; entries: MenuEntry[] }[] = [];
  for (const entry of entries) {
    const last = parts.at(-1);
    const isApart = entry.heading || (entry.divided && last?.heading);
    if (!last || isApart) parts.push({ heading: entry.heading ?? '', entries: [entry] });
    else last.entries.push(entry);
  }
  return parts;
}
