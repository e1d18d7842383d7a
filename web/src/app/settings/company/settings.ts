// The company's settings as the server keeps them.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { sendTagged, type Tagged } from '@/api/client';
import type { Pieces } from '../collide';
import { useShared } from '../useShared';

export interface BankAccount {
  bank: string;
  branch: string;
  account: string;
  number: string;
  swift: string;
  currency: string;
  default: boolean;
}

export interface Settings {
  name: string;
  name_en: string;
  short_name: string;
  tax_number: string;
  address: string;
  address_en: string;
  phone: string;
  email: string;
  website: string;
  banks: BankAccount[];
  /** Versions of the pictures, empty without one. */
  logo: string;
  seal: string;
  currency: string;
  zone: string;
  locale: string;
  page_url: string;
  // Figures are null while their box holds none.
  session_idle: number | null;
  session_days: number | null;
  password_least: number | null;
  password_days: number | null;
  lock_after: number | null;
  backup_at: string;
  backup_keep: number;
  /** Days that the audit log is kept, 0 = for ever. */
  audit_keep: number | null;
}

const key = ['settings'];

export function useSettings() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => sendTagged<Settings>('settings', { signal }),
  });
}

/** Whatever shows the company is asked again. */
export async function settled(client: QueryClient, now: Tagged<Settings>) {
  client.setQueryData(key, now);
  await Promise.all([
    client.invalidateQueries({ queryKey: ['meta'] }),
    client.invalidateQueries({ queryKey: ['company'] }),
  ]);
}

/** The settings in a form that is saved as a whole. */
export function useSettingsForm(stored: Tagged<Settings>) {
  const client = useQueryClient();
  const shared = useShared<Settings>({
    stored,
    pieces: (value) => ({ ...value }),
    whole: (pieces: Pieces) => pieces as unknown as Settings,
    write: async (value, base) => {
      const keys = Object.keys(value) as (keyof Settings)[];
      const changed = keys.filter((one) => JSON.stringify(value[one]) !== JSON.stringify(base.value[one]));
      const now = await sendTagged<Settings>('settings', {
        method: 'PATCH',
        json: Object.fromEntries(changed.map((one) => [one, value[one]])),
        headers: { 'If-Match': base.tag },
      });
      await settled(client, now);
      return now;
    },
  });
  const put = (part: Partial<Settings>) => shared.setValue((old) => ({ ...old, ...part }));
  return { ...shared, put };
}
