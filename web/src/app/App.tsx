import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nProvider } from 'react-aria-components';
import { Problem, whenSignedOut } from '@/api/client';
import { useShell } from '@/lib/shell';
import { Tips } from '@/ui/Tips';
import { Toasts } from '@/ui/toasts';
import { makeRouter } from './router';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refuses it refuses again; what was not reached may be there in a moment.
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});
const router = makeRouter(client);

whenSignedOut(() => {
  if (client.getQueryData(['session']) === null) return;
  client.setQueryData(['session'], null);
  router.invalidate();
});

/** Resolves when the first place can be drawn without waiting; what failed is drawn as well. */
export const firstPlace = () => router.load().catch(() => undefined);

export function App() {
  const locale = useShell((shell) => shell.locale);
  return (
    <QueryClientProvider client={client}>
      <I18nProvider locale={locale === 'en' ? 'en-US' : locale}>
        <RouterProvider router={router} />
        <Toasts />
        <Tips />
      </I18nProvider>
    </QueryClientProvider>
  );
}
