// The menu as metadata gives it, in two parts: what people work with every day
// stands in the navigation, what is set up once in the settings.
import type { Meta } from '@/api/types';
import { paths } from '@/meta/paths';
import { places } from '@/modules/targets/overrides';

type Menu = Meta['menu'];

/** What has a page of its own in the settings of who administers. */
const settled = new Set(['org.member', 'org.department', 'org.position', 'org.role']);

/** The groups of the navigation. */
export function groupsOf(menu: Menu, isAdmin: boolean): Menu {
  return menu
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => !item.basic && !(isAdmin && settled.has(item.entity))),
    }))
    .filter((group) => group.items.length > 0);
}

/** What is set up once, in the order of the menu. */
export const basicsOf = (menu: Menu) => menu.flatMap((group) => group.items.filter((item) => item.basic));

/** Where an entry of the menu leads: to the entity's list, or to a page that a module has instead. */
export const menuPath = (entity: string) => places[entity] ?? paths.list(entity);
