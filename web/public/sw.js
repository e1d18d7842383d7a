// Keeps the files of the page, and nothing else, so that it opens where the server
// cannot be reached and says so. Answers of the API are never touched: they belong
// to one member. The page tells which files its build is made of (app/build.ts);
// those of the build before stay for windows that still show it.
const prefix = 'guanxi.page.';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  const { build, files } = event.data ?? {};
  if (typeof build === 'string' && Array.isArray(files)) event.waitUntil(keep(prefix + build, files));
});

async function keep(name, files) {
  const before = (await builds()).filter((one) => one !== name);
  const cache = await caches.open(name);
  const own = files.filter((file) => /^\/(assets\/[\w.-]+|[\w.-]+\.(js|svg|png|webmanifest))?$/.test(file));
  for (const file of own) {
    if (file === '/' || !(await cache.match(file, { ignoreVary: true }))) {
      // One that is missing is fetched the next time: the others are worth keeping.
      await cache.add(file).catch(() => undefined);
    }
  }
  for (const old of before.slice(0, -1)) await caches.delete(old);
}

/** Caches in the order in which they were made. */
async function builds() {
  return (await caches.keys()).filter((name) => name.startsWith(prefix));
}

async function kept(request) {
  for (const name of (await builds()).reverse()) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
  if (url.pathname.startsWith('/assets/')) {
    // Named by what is in it: what is kept is right.
    event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  } else if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(async () => (await kept('/')) ?? Response.error()));
  } else if (/^\/[\w.-]+\.(js|svg|png|webmanifest)$/.test(url.pathname)) {
    event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? Response.error()));
  }
});
