// What was typed into a form and not saved yet, kept in this browser per member
// and record: offered again after a crash, gone once it is saved or its member
// signs out.

export interface Draft {
  /** The fields that were changed, as the form holds them. */
  values: Record<string, unknown>;
  /** What those fields held before, and the version that was: a save meets what others changed since. */
  base: Record<string, unknown>;
  version: number;
  /** When it was kept, milliseconds. */
  at: number;
}

const prefix = 'guanxi.draft.';

export function draftKey(member: string, entity: string, id = 'new'): string {
  return `${prefix}${member}.${entity}.${id}`;
}

export function readDraft(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null;
    return draft && Object.keys(draft.values).length > 0 ? draft : null;
  } catch {
    return null;
  }
}

export function keepDraft(key: string, draft: Draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A browser that forbids storage, or has no room: there is no draft then.
  }
}

export function dropDraft(key: string) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}

/** Nothing of anybody's unsaved work stays in a browser that he signed out of. */
export function dropDrafts() {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '');
    for (const key of keys.filter((one) => one.startsWith(prefix))) localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
