import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, startTransition, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsPhone } from '@/lib/media';
import { MetaProvider, useMe } from '@/meta/context';
import { BottomBar } from './BottomBar';
import { BellPlace } from './bell/Bell';
import { useLiveChanges } from './live';
import { Navigation } from './Navigation';
import { NewBuild } from './NewBuild';
import { metaQuery, sessionQuery } from './session';
import { type Layer, useFrameCommands } from './useFrameCommands';
import { useKeepLook } from './useKeepLook';

// Fetched when they are first opened: they are no part of the first load.
const PaletteDialog = lazy(() => import('./palette/PaletteDialog'));
const KeysDialog = lazy(() => import('./KeysDialog'));

/** The frame of every page: navigation left, one panel; on a phone a bar below. */
export function Frame() {
  const { data: me } = useSuspenseQuery(sessionQuery);
  const { data: meta } = useSuspenseQuery(metaQuery);
  if (!me) return null;
  return (
    <MetaProvider meta={meta} me={me}>
      <Inside />
    </MetaProvider>
  );
}

function Inside() {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const me = useMe();
  const [layer, setLayer] = useState<Layer | null>(null);
  const close = () => setLayer(null);
  // In a transition: React holds back for 300 ms what comes after a fallback.
  const open = (next: Layer) => startTransition(() => setLayer(next));
  useFrameCommands(open);
  useKeepLook();
  useLiveChanges();
  return (
    <div className="flex h-full max-desk:flex-col print:block print:h-auto">
      <button
        type="button"
        className="floating fixed top-2 left-2 z-70 -translate-y-20 px-3 py-1.5 focus:translate-y-0 print:hidden"
        onClick={() => document.getElementById('panel')?.focus()}
      >
        {t('nav.skip')}
      </button>
      {!isPhone && <Navigation onSearch={() => open('commands')} />}
      <main
        id="panel"
        tabIndex={-1}
        className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden bg-panel outline-none desk:my-2 desk:mr-2 desk:rounded-md desk:border desk:border-line print:m-0 print:block print:overflow-visible print:border-0"
      >
        <NewBuild />
        {me.insecure && (
          <p role="note" className="border-b border-line bg-warn-wash px-4 py-1.5 text-warn">
            {t('nav.insecure')}
          </p>
        )}
        <div className="min-h-0 flex-1">
          <Outlet />
        </div>
      </main>
      <BellPlace />
      {isPhone && <BottomBar onSearch={() => open('search')} />}
      <Suspense>
        {layer === 'keys' && <KeysDialog onClose={close} />}
        {(layer === 'commands' || layer === 'search') && <PaletteDialog mode={layer} onClose={close} />}
      </Suspense>
    </div>
  );
}
