// Finds Chinese labels by pinyin, initials or any mix of both (商机: "shangji",
// "sj", "shangj"), and all others by their words. The server spells labels, so
// that no dictionary is in the page.

/** The syllables of a spelling; several readings of one as alternatives. */
function syllables(spelling: string): string[][] {
  return spelling
    .split(' ')
    .filter(Boolean)
    .map((one) => one.split('/'));
}

function from(list: string[][], at: number, typed: string): boolean {
  if (typed === '') return true;
  const readings = list[at];
  if (!readings) return false;
  return readings.some((reading) => {
    for (let n = Math.min(reading.length, typed.length); n > 0; n--) {
      if (reading.startsWith(typed.slice(0, n)) && from(list, at + 1, typed.slice(n))) return true;
    }
    return false;
  });
}

/**
 * How well what was typed fits a label: 3 it begins so, 2 it holds it, 1 by
 * its spelling from the start, 0.5 by its spelling further in, 0 not at all.
 */
export function score(label: string, spelling: string, typed: string): number {
  const words = typed.trim().toLowerCase();
  if (words === '') return 1;
  const at = label.toLowerCase().indexOf(words);
  if (at === 0) return 3;
  if (at > 0) return 2;
  const letters = words.replaceAll(/[\s']/g, '');
  if (!/^[a-z0-9]+$/.test(letters)) return 0;
  const list = syllables(spelling);
  if (from(list, 0, letters)) return 1;
  for (let i = 1; i < list.length; i++) if (from(list, i, letters)) return 0.5;
  return 0;
}
