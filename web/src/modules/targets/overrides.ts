// What of this module metadata cannot draw. Part of the first load: no more than this.

/** Where the menu leads to instead of to the list of an entity. */
export const places: Record<string, string> = { 'targets.ranking': '/rankings' };
