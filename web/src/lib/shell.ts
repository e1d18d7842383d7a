// How the page looks and moves: theme, density, size of letters, language, the
// folded navigation. It is kept in this browser, so that the first paint is
// right (public/boot.js reads the same keys), and with the member on the server,
// so that he finds it on every device; what the server says goes first.
import { create } from 'zustand';
import type { Locale } from './format';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'normal' | 'wide';
export type LetterSize = 'normal' | 'large' | 'larger';
/** The colour of gains; losses get the other. */
export type Trend = 'red' | 'green';

interface Shell {
  theme: Theme;
  density: Density;
  size: LetterSize;
  trend: Trend;
  locale: Locale;
  navFolded: boolean;
  /** Groups of the navigation that are folded. */
  folded: string[];
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
  size: (kept('size') as LetterSize | null) ?? 'normal',
  trend: (kept('trend') as Trend | null) ?? 'red',
  locale: firstLocale(),
  navFolded: kept('nav') === 'folded',
  folded: (kept('folded') ?? '').split(' ').filter(Boolean),
  shortcuts: kept('shortcuts') !== 'off',
  weekNumbers: kept('weeks') === 'on',
}));

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function paint() {
  const { theme, density, size, trend } = useShell.getState();
  const root = document.documentElement;
  root.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  root.dataset.density = density;
  root.dataset.size = size;
  root.dataset.trend = trend;
}
dark.addEventListener('change', paint);

/** How the page looks to a member, as the server keeps it; "" and nothing = as this browser has it. */
export interface Look {
  theme?: string;
  density?: string;
  size?: string;
  trend?: string;
  shortcuts?: string;
  folded?: string[];
}

let onChosen: (look: Look) => void = () => {};
/** Told of what a person chooses, so that the server can keep it. */
export function whenChosen(listener: (look: Look) => void) {
  onChosen = listener;
}

/** Takes over what the server keeps. */
export function takeLook(look: Look) {
  const now = useShell.getState();
  const texts = { theme: look.theme, density: look.density, size: look.size, trend: look.trend };
  const next: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(texts)) {
    if (!value || value === now[key as keyof Shell]) continue;
    keep(key, value);
    next[key] = value;
  }
  if (look.shortcuts) {
    keep('shortcuts', look.shortcuts);
    next.shortcuts = look.shortcuts !== 'off';
  }
  if (look.folded) {
    keep('folded', look.folded.join(' '));
    next.folded = look.folded;
  }
  useShell.setState(next as Partial<Shell>);
  paint();
}

/** What a person chooses: at once on the page, then kept. */
export function choose(look: Look) {
  takeLook(look);
  onChosen(look);
}

export const setTheme = (theme: Theme) => choose({ theme });
export const setDensity = (density: Density) => choose({ density });

export function setNavFolded(navFolded: boolean) {
  keep('nav', navFolded ? 'folded' : 'open');
  useShell.setState({ navFolded });
}

export const setShortcuts = (shortcuts: boolean) => choose({ shortcuts: shortcuts ? 'on' : 'off' });

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
