import type { ReactNode } from 'react';
import { Tabs as KitTabs, Tab, TabList, TabPanel } from 'react-aria-components';
import { cx } from './cx';
import { countMark, tabClass, tabRow } from './tabLook';

export interface TabItem {
  id: string;
  name: string;
  /** How many things are on it; stands after the name. */
  count?: number | string;
  /** Something on it is wrong: what a screen reader says of the count, which is in the colour of danger. */
  alarm?: string;
  icon?: ReactNode;
  isDisabled?: boolean;
  content: ReactNode;
}

interface TabsProps {
  label: string;
  items: TabItem[];
  value?: string;
  onChange?(id: string): void;
  /** What is not in sight goes on: forms keep what is typed or on its way there. */
  keep?: boolean;
  /** Of the panel below the row. */
  className?: string;
  /** Of the row of tabs. */
  rowClass?: string;
}

/** Parts of one page side by side. Where the address should change, use links with tabClass. */
export function Tabs({ label, items, value, onChange, keep, className, rowClass }: TabsProps) {
  return (
    <KitTabs
      selectedKey={value}
      onSelectionChange={(key) => onChange?.(String(key))}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <TabList aria-label={label} className={cx(tabRow, rowClass)}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} isDisabled={item.isDisabled} className={tabClass}>
            {item.icon}
            {item.name}
            {item.count !== undefined && (
              <span
                aria-hidden={item.alarm ? true : undefined}
                className={
                  item.alarm
                    ? 'figures min-w-4 rounded-full bg-danger-wash px-1 text-center text-meta font-medium text-danger'
                    : countMark
                }
              >
                {item.count}
              </span>
            )}
            {item.alarm && <span className="sr-only">{item.alarm}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel
          key={item.id}
          id={item.id}
          shouldForceMount={keep}
          className={cx(className ?? 'min-h-0 flex-1 overflow-auto', keep && 'data-[inert]:hidden')}
        >
          {item.content}
        </TabPanel>
      ))}
    </KitTabs>
  );
}
