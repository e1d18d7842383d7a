// The groups of a record: some always in sight, the others in tabs.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { cx } from '@/ui/cx';
import { Tabs } from '@/ui/Tabs';
import { useLabel } from './context';
import type { FieldGroup } from './layout';

interface FormTabsProps {
  entity: Entity;
  /** The groups to draw, in order; those without a tab stand above the tabs. */
  groups: FieldGroup[];
  draw(group: FieldGroup): ReactNode;
  value?: string;
  onChange?(tab: string): void;
  /** How many faults there are in a group, where the groups are filled in. */
  faults?(group: FieldGroup): number;
  className?: string;
}

/** The key of the tab that a field stands in; undefined for one that is always in sight. */
export function tabOfField(groups: FieldGroup[], key: string): string | undefined {
  return groups.find((group) => group.fields.some((field) => field.key === key))?.tab;
}

/** The tabs of an entity that have something to show, with their groups. */
export function tabsOf(entity: Entity, groups: FieldGroup[]) {
  return entity.layout.tabs
    .map((tab) => ({ ...tab, groups: groups.filter((group) => group.tab === tab.key) }))
    .filter((tab) => tab.groups.length > 0);
}

export function FormTabs({ entity, groups, draw, value, onChange, faults, className }: FormTabsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const tabs = tabsOf(entity, groups);
  const count = (list: FieldGroup[]) => list.reduce((sum, group) => sum + (faults?.(group) ?? 0), 0);
  return (
    <>
      {groups.filter((group) => !group.tab).map(draw)}
      {tabs.length > 0 && (
        <Tabs
          label={t('form.tabs')}
          value={value}
          onChange={onChange}
          keep={!!faults}
          rowClass="-mx-1 !px-1"
          className={cx('flex flex-col pt-4', className)}
          items={tabs.map((tab) => {
            const wrong = count(tab.groups);
            // A group that is called as its tab does not say so again.
            const named = tab.groups.map((group, i) =>
              i === 0 && label(group.label) === label(tab.label) ? { ...group, label: null } : group,
            );
            return {
              id: tab.key,
              name: label(tab.label),
              ...(wrong > 0 ? { alarm: t('form.tab_errors', { count: wrong }), count: wrong } : {}),
              content: named.map(draw),
            };
          })}
        />
      )}
    </>
  );
}
