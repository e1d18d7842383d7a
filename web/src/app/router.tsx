// Every place of the page. Setup and signing in stand alone; everything else is
// inside the frame and needs a member who is signed in.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { recordQuery } from '@/meta/data';
import { askForRows } from '@/meta/list/first';
import { inTime } from '@/ui/part';
import { EntityRoute, RecordPage } from './EntityRoute';
import { Frame } from './Frame';
import { Broken, Lost, Pending } from './places';
import { metaQuery, sessionQuery, setupQuery } from './session';

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: Broken,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    if (!(await context.client.ensureQueryData(setupQuery)).needed) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('./setup/SetupPage'), 'SetupPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => ({ to: inside(search.to) }),
  beforeLoad: async ({ context, search }) => {
    if (await context.client.ensureQueryData(sessionQuery)) throw redirect({ to: search.to ?? '/' });
    if ((await context.client.ensureQueryData(setupQuery)).needed) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});

/** Behind an invitation: open to whoever holds its link. */
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./JoinPage'), 'JoinPage'),
});

/** Only a place of this page may be gone to after signing in. */
function inside(to: unknown): string | undefined {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : undefined;
}

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ context, location }) => {
    if (await context.client.ensureQueryData(sessionQuery)) return;
    if ((await context.client.ensureQueryData(setupQuery)).needed) throw redirect({ to: '/setup' });
    throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } });
  },
  loader: ({ context }) => context.client.ensureQueryData(metaQuery),
  component: Frame,
  pendingComponent: Pending,
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: async ({ context }) => {
    const meta = await context.client.ensureQueryData(metaQuery);
    if (meta.ask) throw redirect({ to: '/welcome', replace: true });
    throw redirect({ to: '/today', replace: true });
  },
});

const today = createRoute({
  getParentRoute: () => frame,
  path: '/today',
  component: lazyRouteComponent(() => import('./today/TodayPage'), 'TodayPage'),
});

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const list = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing',
  validateSearch: (search: Record<string, unknown>) => ({
    view: text(search.view),
    filter: text(search.filter),
    sort: text(search.sort),
    q: text(search.q),
    columns: text(search.columns),
    peek: text(search.peek),
    as: text(search.as),
    by: text(search.by),
    group: text(search.group),
    sum: text(search.sum),
    limits: text(search.limits),
    span: text(search.span),
    at: text(search.at),
    column: text(search.column),
  }),
  loaderDeps: ({ search: { view, filter, sort, q, columns, as } }) => ({
    view,
    filter,
    sort,
    q,
    columns,
    as,
  }),
  loader: async ({ context: { client }, params, deps }) => {
    const meta = await client.ensureQueryData(metaQuery);
    await askForRows(client, meta.entities[`${params.module}.${params.thing}`], deps);
  },
  component: () => <EntityRoute kind="list" />,
});

const create = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing/new',
  component: () => <EntityRoute kind="create" />,
});

const importing = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing/import',
  validateSearch: (search: Record<string, unknown>) => ({ job: text(search.job) }),
  component: () => <EntityRoute kind="import" />,
});

const bin = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing/bin',
  component: () => <EntityRoute kind="bin" />,
});

const record = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing/$id',
  validateSearch: (search: Record<string, unknown>) => ({ tab: text(search.tab) }),
  loader: ({ context: { client }, params }) => {
    void client.prefetchQuery(recordQuery(`${params.module}.${params.thing}`, params.id));
    return inTime(RecordPage.load());
  },
  component: () => <EntityRoute kind="record" />,
});

const edit = createRoute({
  getParentRoute: () => frame,
  path: '/$module/$thing/$id/edit',
  component: () => <EntityRoute kind="edit" />,
});

const searching = createRoute({
  getParentRoute: () => frame,
  path: '/search',
  validateSearch: (search: Record<string, unknown>) => ({ q: text(search.q), entity: text(search.entity) }),
  component: lazyRouteComponent(() => import('./SearchPage'), 'SearchPage'),
});

const reports = createRoute({
  getParentRoute: () => frame,
  path: '/reports',
  component: lazyRouteComponent(() => import('./reports/ReportsPage'), 'ReportsPage'),
});

const report = createRoute({
  getParentRoute: () => frame,
  path: '/reports/$module/$thing/$report',
  validateSearch: (search: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(search).map(([key, value]) => [key, text(value)])),
  component: lazyRouteComponent(() => import('./reports/ReportRoute'), 'ReportRoute'),
});

const ranked = createRoute({
  getParentRoute: () => frame,
  path: '/rankings',
  validateSearch: (search: Record<string, unknown>) => ({
    of: text(search.of),
    measure: text(search.measure),
    date: text(search.date),
  }),
  component: lazyRouteComponent(() => import('./rankings/RankingRoute'), 'RankingRoute'),
});

/** Stands by itself: nothing but the ranking is on the wall. */
const screen = createRoute({
  getParentRoute: () => root,
  path: '/rankings/$id/screen',
  beforeLoad: async ({ context, location }) => {
    if (!(await context.client.ensureQueryData(sessionQuery)))
      throw redirect({ to: '/sign-in', search: { to: location.href } });
  },
  loader: ({ context }) => context.client.ensureQueryData(metaQuery),
  component: lazyRouteComponent(() => import('./rankings/ScreenRoute'), 'ScreenRoute'),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings/$part',
  component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage'),
});

const settingsHome = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage'),
});

const role = createRoute({
  getParentRoute: () => frame,
  path: '/settings/roles/$id',
  component: lazyRouteComponent(() => import('./settings/roles/RolePage'), 'RolePage'),
});

const dictionary = createRoute({
  getParentRoute: () => frame,
  path: '/settings/dictionaries/$module/$thing/$key',
  component: lazyRouteComponent(() => import('./settings/dictionaries/DictionaryPage'), 'DictionaryPage'),
});

const printLayout = createRoute({
  getParentRoute: () => frame,
  path: '/settings/prints/$module/$thing/$key',
  component: lazyRouteComponent(() => import('./settings/prints/PrintPage'), 'PrintPage'),
});

const welcome = createRoute({
  getParentRoute: () => frame,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./WelcomePage'), 'WelcomePage'),
});

/** What nothing else answers to. */
const lost = createRoute({
  getParentRoute: () => frame,
  path: '$',
  component: Lost,
});

const customEntity = createRoute({
  getParentRoute: () => frame,
  path: '/settings/customize/$module/$thing',
  component: lazyRouteComponent(() => import('./settings/EntityFieldsPage'), 'EntityFieldsPage'),
});

const tree = root.addChildren([
  setup,
  signIn,
  join,
  screen,
  frame.addChildren([
    home,
    today,
    searching,
    ranked,
    reports,
    report,
    list,
    create,
    importing,
    bin,
    record,
    edit,
    settingsHome,
    dictionary,
    printLayout,
    settings,
    role,
    welcome,
    customEntity,
    lost,
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPendingMs: 100,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: Lost,
    // Plain text in the address: filters stay readable and can be passed on.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const filled = Object.entries(search).filter(
        ([, value]) => value !== undefined && value !== null && value !== '',
      );
      const written = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString();
      return written ? `?${written}` : '';
    },
  });
}
