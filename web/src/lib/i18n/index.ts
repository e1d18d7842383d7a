// The page's own words. zh-CN is where they are written first; en has the same
// keys (a test holds it). Only the language in use is fetched.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '../format';
import { setLocale, useShell } from '../shell';

const texts: Record<Locale, () => Promise<{ default: object }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
};

async function fetchTexts(locale: Locale) {
  if (i18next.hasResourceBundle(locale, 'translation')) return;
  i18next.addResourceBundle(locale, 'translation', (await texts[locale]()).default);
}

/** Starts the texts in the language this browser kept; resolves when they are there. */
export async function startTexts() {
  const { locale } = useShell.getState();
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
    returnNull: false,
    showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
  // Names of things begin with a capital; inside a sentence they do not, unless they are written so: VIP.
  i18next.services.formatter?.add('inside', (name: string) =>
    /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name,
  );
  await fetchTexts(locale);
  await i18next.changeLanguage(locale);
}

export async function changeLanguage(locale: Locale) {
  await fetchTexts(locale);
  await i18next.changeLanguage(locale);
  setLocale(locale);
}
