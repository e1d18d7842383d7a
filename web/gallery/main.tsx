// Shows every component in all its states, for people who build with them and for
// the pictures that hold their look (e2e/gallery.test.mjs). Development only: the
// product's build starts from index.html and never comes here.
//
// ?part=NAME shows one part; theme, lang and density are chosen by ?theme=, ?lang=,
// ?density=. What needs the server gets its answers from answers.ts.
import './gallery.css';
import { QueryClient, QueryClientProvider, useIsFetching } from '@tanstack/react-query';
import { StrictMode, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { startTexts } from '@/lib/i18n';
import { type Density, setDensity, setLocale, setTheme, type Theme } from '@/lib/shell';
import { MetaProvider } from '@/meta/context';
import { Tips } from '@/ui/Tips';
import { Toasts } from '@/ui/toasts';
import { answer, me, meta } from './answers';
import { floating, parts } from './parts';

const asked = new URLSearchParams(location.search);
const locale = asked.get('lang') === 'en' ? 'en' : 'zh-CN';
setTheme((asked.get('theme') as Theme | null) ?? 'light');
setDensity((asked.get('density') as Density | null) ?? 'normal');
setLocale(locale);
window.fetch = answer;

const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });

function Gallery() {
  const name = asked.get('part');
  const shown = Object.entries(parts).filter(([key]) => !name || key === name);
  useEffect(() => {
    // States that only a pointer makes are set by hand.
    for (const box of document.querySelectorAll('[data-state="hover"] > *')) {
      for (const one of [box, ...box.querySelectorAll('button')]) one.setAttribute('data-hovered', 'true');
    }
    document.querySelector<HTMLElement>('[data-state="focus"] :is(button, input, [tabindex="0"])')?.focus();
  }, []);
  const isFetching = useIsFetching() > 0;
  useEffect(() => {
    document.documentElement.dataset.ready = String(!isFetching);
  }, [isFetching]);
  return (
    <main className="min-h-full bg-panel p-6">
      {shown.map(([key, Part]) => (
        <section key={key} className="mb-8" data-part={key} data-floats={floating.has(key)}>
          {!name && <h2 className="mb-3 text-title">{key}</h2>}
          <Part />
        </section>
      ))}
    </main>
  );
}

const root = document.getElementById('root');
if (root) {
  startTexts().then(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <I18nProvider locale={locale === 'en' ? 'en-US' : locale}>
            <MetaProvider meta={meta} me={me}>
              {/* Before what takes focus: a tip shows what has it. */}
              <Tips />
              <Gallery />
              <Toasts />
            </MetaProvider>
          </I18nProvider>
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
}
