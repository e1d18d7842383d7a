// What the page itself remembers in this browser: theme, density, language, the
// folded navigation. No server data lives here. public/boot.js reads the same
// keys before the first paint.
import { create } from 'zustand';
import type { Locale } from './format';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'normal' | 'wide';

interface Shell {
  theme: Theme;
  density: Density;
  locale: Locale;
  navFolded: boolean;
  shortcuts: boolean;
  /** Calendars show the numbers of the weeks (ISO 8601). */
  weekNumbers: boolean;
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(`guanxi.${key}`);
  } catch {
    return null;
  }
}

function keep(key: string, value: string) {
  try {
    localStorage.setItem(`guanxi.${key}`, value);
  } catch {
    // A browser that forbids storage: the choice lasts until the page is left.
  }
}

function firstLocale(): Locale {
  const locale = kept('locale');
  if (locale === 'zh-CN' || locale === 'en') return locale;
  return /^zh/i.test(navigator.language) ? 'zh-CN' : 'en';
}

export const useShell = create<Shell>(() => ({
  theme: (kept('theme') as Theme | null) ?? 'system',
  density: (kept('density') as Density | null) ?? 'normal',
  locale: firstLocale(),
  navFolded: kept('nav') === 'folded',
  shortcuts: kept('shortcuts') !== 'off',
  weekNumbers: kept('weeks') === 'on',
}));

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function paint() {
  const { theme, density } = useShell.getState();
  const root = document.documentElement;
  root.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  root.dataset.density = density;
}
dark.addEventListener('change', paint);

export function setTheme(theme: Theme) {
  keep('theme', theme);
  useShell.setState({ theme });
  paint();
}

export function setDensity(density: Density) {
  keep('density', density);
  useShell.setState({ density });
  paint();
}

export function setNavFolded(navFolded: boolean) {
  keep('nav', navFolded ? 'folded' : 'open');
  useShell.setState({ navFolded });
}

export function setShortcuts(shortcuts: boolean) {
  keep('shortcuts', shortcuts ? 'on' : 'off');
  useShell.setState({ shortcuts });
}

export function setWeekNumbers(weekNumbers: boolean) {
  keep('weeks', weekNumbers ? 'on' : 'off');
  useShell.setState({ weekNumbers });
}

/** Records the language; lib/i18n calls it once the texts are there. */
export function setLocale(locale: Locale) {
  keep('locale', locale);
  document.documentElement.lang = locale;
  useShell.setState({ locale });
}
