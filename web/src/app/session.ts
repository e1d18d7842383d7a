// Who is signed in and what the installation is: the two things that every page needs.
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { dropEarly, get, Problem, post, remove } from '@/api/client';
import type { Me, Meta } from '@/api/types';
import { dropDrafts } from '@/lib/drafts';
import { changeLanguage } from '@/lib/i18n';
import { takeLook, useShell } from '@/lib/shell';

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => get<{ needed: boolean }>('setup'),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What everybody may know of the company; the sign-in page shows it. */
export interface Face {
  name: string;
  short_name: string;
  logo: string;
  /** Fewest characters of a new password. */
  password_least: number;
  /** Whether links are sent by mail. */
  mail: boolean;
}

export const faceQuery = queryOptions({
  queryKey: ['company'],
  queryFn: () => get<Face>('company'),
  staleTime: 60_000,
});

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Me | null> => {
    try {
      const { me } = await get<{ me: Me }>('session');
      takeLook(me.look);
      noteMember(true);
      return me;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        noteMember(false);
        return null;
      }
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whether somebody is signed in here: next time public/boot.js asks for what he needs at once. */
function noteMember(isIn: boolean) {
  if (!isIn) dropEarly();
  try {
    localStorage.setItem('guanxi.member', isIn ? 'in' : 'out');
  } catch {
    // A browser that forbids storage asks when the page is there.
  }
}

export const metaQuery = queryOptions({
  queryKey: ['meta'],
  queryFn: () => get<Meta>('meta'),
  staleTime: Number.POSITIVE_INFINITY,
});

export async function signIn(client: QueryClient, login: string, password: string): Promise<void> {
  const { me } = await post<{ me: Me }>('session', { login, password });
  await enter(client, me);
}

/** Signs in with a password that is too old, and sets another. */
export async function renew(
  client: QueryClient,
  login: string,
  password: string,
  next: string,
): Promise<void> {
  const { me } = await post<{ me: Me }>('session/renew', { login, password, new: next });
  await enter(client, me);
}

/** Takes over the page for a member: nothing of the one before stays. */
export async function enter(client: QueryClient, me: Me) {
  client.clear();
  client.setQueryData(setupQuery.queryKey, { needed: false });
  client.setQueryData(sessionQuery.queryKey, me);
  dropEarly();
  noteMember(true);
  takeLook(me.look);
  if ((me.locale === 'zh-CN' || me.locale === 'en') && me.locale !== useShell.getState().locale) {
    await changeLanguage(me.locale);
  }
}

export async function signOut(client: QueryClient) {
  await remove('session');
  noteMember(false);
  dropDrafts();
  client.clear();
  client.setQueryData(setupQuery.queryKey, { needed: false });
  client.setQueryData(sessionQuery.queryKey, null);
}
