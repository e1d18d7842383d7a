import type { Row } from '@/api/types';

/** How a member can come in, as the server tells it. */
export interface Access {
  id: string;
  state: string;
  link_expires_at?: string;
  last_seen_at?: string;
}

export const states = ['active', 'invited', 'none', 'no_login', 'disabled'] as const;
export type State = (typeof states)[number];

export const stateColor: Record<State, string> = {
  active: 'green',
  invited: 'blue',
  none: 'yellow',
  no_login: 'gray',
  disabled: 'red',
};

/** What a member is to the one who looks after accounts. */
export function memberState(row: Row, way?: Access): State {
  if (!row.login) return 'no_login';
  if (row.disabled === true) return 'disabled';
  if (way?.state === 'active') return 'active';
  return way?.state === 'invited' ? 'invited' : 'none';
}
