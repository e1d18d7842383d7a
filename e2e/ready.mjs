// What most tests start from: a company whose first run is done, with records or
// without, and the window of its administrator, signed in. Its data folder is made
// once for all files (run.mjs), or by the file itself when it runs alone.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, open, settled } from './browser.mjs';
import { enrich, momentsOf } from './moments.mjs';
import { furnish, placesOf } from './places.mjs';
import { Api, database, start } from './server.mjs';

/** Makes the data folders `company` and `furnished` in folder, and what is known of them. */
export async function prepare(folder) {
  mkdirSync(folder, { recursive: true });
  const kept = (name) => join(folder, name);
  const bare = await start();
  const api = new Api(bare.url);
  await api.setUp();
  const cookies = { api: api.cookie, page: await pageSession(api) };
  await bare.pause();
  renameSync(bare.data, kept('company'));
  const full = await start({ from: kept('company') });
  api.url = full.url;
  const known = await furnish(api);
  await full.pause();
  renameSync(full.data, kept('furnished'));
  writeFileSync(kept('known.json'), JSON.stringify({ cookies, known }));
}

/** A server of the company, its API signed in, and the administrator's session for windows. */
export async function startCompany({ furnished = false } = {}) {
  if (database) {
    const server = await start();
    const api = new Api(server.url);
    await api.setUp();
    const known = furnished ? await furnish(api) : undefined;
    return company(server, api, await pageSession(api), known);
  }
  const shared = process.env.GUANXI_E2E_PREPARED;
  const folder = shared ?? mkdtempSync(join(tmpdir(), 'guanxi-e2e-prepared-'));
  if (!shared) await prepare(folder);
  const server = await start({ from: join(folder, furnished ? 'furnished' : 'company') });
  const api = new Api(server.url);
  const { cookies, known } = JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8'));
  if (!shared) rmSync(folder, { recursive: true });
  api.cookie = cookies.api;
  return company(server, api, cookies.page, known);
}

/** The same with everything that strains a page, and all places there are: for axe and for pictures. */
export async function startFull() {
  const there = await startCompany({ furnished: true });
  const more = await enrich(there.api, there.known);
  return { ...there, places: [...placesOf(there.known), ...momentsOf(more)] };
}

function company(server, api, cookie, known) {
  return { server, api, state: stateOf(cookie), known };
}

/** The page has a session of its own: signing in anew, with the API, ends the one before. */
async function pageSession(api) {
  const page = new Api(api.url);
  await page.signIn();
  return page.cookie;
}

/** A browser's state that holds the session of an API. */
export function stateOf(cookie) {
  const [name, value] = cookie.split('=');
  const host = { domain: '127.0.0.1', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' };
  return { cookies: [{ name, value, ...host, expires: -1 }], origins: [] };
}

/** A server of the company, a browser, and in it a window that shows the customers. */
export async function arrive({ furnished = false, look = {} } = {}) {
  const [there, browser] = await Promise.all([startCompany({ furnished }), launch()]);
  const page = await open(browser, { ...look, state: there.state });
  await page.goto(`${there.server.url}/crm/customer`);
  await page.locator('main h1').waitFor();
  await settled(page);
  const leave = async () => {
    await browser.close();
    await there.server.stop();
  };
  return { ...there, browser, page, leave };
}
