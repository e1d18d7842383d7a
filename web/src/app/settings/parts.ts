// Every page of the settings, in the order of the menu.
import {
  Building2,
  DatabaseBackup,
  KeyRound,
  ListTree,
  type LucideIcon,
  Mail,
  Medal,
  Network,
  Printer,
  Settings2,
  Shapes,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  UsersRound,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';

export interface Part {
  key: string;
  icon: LucideIcon;
  /** Tables take the whole width, forms a readable one. */
  wide?: boolean;
  Part: ComponentType;
}

export interface PartGroup {
  key: string;
  forAdmin?: boolean;
  parts: Part[];
}

const page = <T extends string>(load: () => Promise<Record<T, ComponentType>>, name: T) =>
  lazy(async () => ({ default: (await load())[name] }));

export const partGroups: PartGroup[] = [
  {
    key: 'mine',
    parts: [
      {
        key: 'profile',
        icon: UserRound,
        Part: page(() => import('./ProfileSettings'), 'ProfileSettings'),
      },
      {
        key: 'security',
        icon: ShieldCheck,
        Part: page(() => import('./SecuritySettings'), 'SecuritySettings'),
      },
      { key: 'keys', icon: KeyRound, Part: page(() => import('./KeysSettings'), 'KeysSettings') },
    ],
  },
  {
    key: 'people',
    forAdmin: true,
    parts: [
      {
        key: 'members',
        icon: UsersRound,
        wide: true,
        Part: page(() => import('./members/MembersSettings'), 'MembersSettings'),
      },
      {
        key: 'departments',
        icon: Network,
        wide: true,
        Part: page(() => import('./departments/DepartmentsSettings'), 'DepartmentsSettings'),
      },
      {
        key: 'positions',
        icon: Medal,
        wide: true,
        Part: page(() => import('./departments/PositionsSettings'), 'PositionsSettings'),
      },
      {
        key: 'roles',
        icon: SlidersHorizontal,
        wide: true,
        Part: page(() => import('./roles/RolesSettings'), 'RolesSettings'),
      },
    ],
  },
  {
    key: 'system',
    forAdmin: true,
    parts: [
      {
        key: 'company',
        icon: Building2,
        Part: page(() => import('./company/CompanySettings'), 'CompanySettings'),
      },
      {
        key: 'parameters',
        icon: Settings2,
        Part: page(() => import('./company/ParametersSettings'), 'ParametersSettings'),
      },
      {
        key: 'mail',
        icon: Mail,
        Part: page(() => import('./mail/MailSettings'), 'MailSettings'),
      },
      {
        key: 'customize',
        icon: Shapes,
        Part: page(() => import('./CustomizeSettings'), 'CustomizeSettings'),
      },
      {
        key: 'dictionaries',
        icon: ListTree,
        wide: true,
        Part: page(() => import('./dictionaries/DictionariesSettings'), 'DictionariesSettings'),
      },
      {
        key: 'prints',
        icon: Printer,
        wide: true,
        Part: page(() => import('./prints/PrintsSettings'), 'PrintsSettings'),
      },
      {
        key: 'backup',
        icon: DatabaseBackup,
        Part: page(() => import('./backup/BackupSettings'), 'BackupSettings'),
      },
    ],
  },
];
