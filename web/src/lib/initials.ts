/**
 * What stands for a name in a small circle. Of a Chinese name the last characters,
 * which tell people of one family apart; else the first letters of two words.
 */
export function initials(name: string, count: 1 | 2): string {
  const clean = name.trim();
  const hanzi = [...clean].filter((c) => /\p{Script=Han}/u.test(c));
  if (hanzi.length > 0) return hanzi.slice(-count).join('');
  const words = clean.split(/[\s._-]+/).filter(Boolean);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  const taken = count === 1 ? [...first].slice(0, 1) : [...[...first].slice(0, 1), ...[...last].slice(0, 1)];
  return taken.join('').toUpperCase();
}
