// Reads tables of report pages in a real browser, for tests that know what must
// stand there. Standard input says which, standard output tells what stands there:
//   {"url","login","password","pages":[{"path","langs"}]}
//   [{"lang","path","rows":[[text]],"more","count","foot":[text]}]
// The list behind the first figure is opened by a click on it; count and foot
// are what stands under it.
import { text } from 'node:stream/consumers';
import { complaints, launch, open, settled } from './browser.mjs';
import { stateOf } from './ready.mjs';
import { Api } from './server.mjs';

const asked = JSON.parse(await text(process.stdin));
const api = new Api(asked.url);
await api.send('POST', 'session', { login: asked.login, password: asked.password });

const browser = await launch();
try {
  const windows = new Map();
  const windowOf = async (lang) => {
    if (!windows.has(lang)) windows.set(lang, await open(browser, { lang, state: stateOf(api.cookie) }));
    return windows.get(lang);
  };
  const told = [];
  for (const { path, langs } of asked.pages)
    for (const lang of langs) told.push(await read(await windowOf(lang), lang, path));
  for (const page of windows.values()) {
    const heard = complaints(page);
    if (heard.length > 0) throw new Error(heard.join('\n'));
  }
  process.stdout.write(JSON.stringify(told));
} finally {
  await browser.close();
}

async function read(page, lang, path) {
  await page.goto(asked.url + path);
  const table = page.locator('main table');
  await table.waitFor().catch(async (error) => {
    const seen = await page.locator('body').textContent();
    throw new Error(`no table at ${page.url()}: ${seen.slice(0, 600)}\n${page.complaints.join('\n')}`, {
      cause: error,
    });
  });
  await settled(page);
  const rows = await table.evaluate((element) =>
    [...element.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
  );
  const more = (await page.getByText(lang === 'en' ? /too many rows/ : /行数太多/).count()) > 0;
  await table.locator('tbody tr').first().locator('td').nth(1).getByRole('link').click();
  const foot = page.getByRole('region', { name: lang === 'en' ? 'Totals' : '合计' });
  await page.waitForFunction(
    (element) => [...element.querySelectorAll('button')].some((one) => /\d/.test(one.textContent)),
    await foot.elementHandle(),
  );
  const sums = await foot.getByRole('button').allTextContents();
  const count = await foot.locator('.foot-stays').textContent();
  return { lang, path, rows, more, count, foot: sums };
}
