// The page without a server, with a newer server, and in a browser that cannot
// show it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findings, open } from './browser.mjs';
import { front } from './builds.mjs';
import { arrive } from './ready.mjs';

let server;
let browser;
let page;
let state;
let leave;

before(async () => {
  ({ server, browser, page, state, leave } = await arrive());
});
after(() => leave?.());

/** Waits until the files of the page are kept; a promise is no answer to waitForFunction. */
const filesKept = (window) =>
  window.evaluate(
    () =>
      new Promise((resolve) => {
        const look = async () => {
          const [name] = await caches.keys();
          const files = name ? await (await caches.open(name)).keys() : [];
          if (files.some((one) => one.url.includes('/assets/zh-CN'))) resolve();
          else setTimeout(look, 100);
        };
        look();
      }),
  );

test('a browser that is too old, or runs no scripts, is told in both languages what to install', async () => {
  for (const kind of ['old', 'no scripts']) {
    const context = await browser.newContext({
      javaScriptEnabled: kind === 'old',
      viewport: { width: 390, height: 844 },
    });
    if (kind === 'old') {
      // As Chrome 110 answers: it knows no color-mix().
      await context.addInitScript(() => {
        const { supports } = CSS;
        CSS.supports = (name, value) =>
          !String(value).includes('color-mix') && supports.call(CSS, name, value);
      });
    }
    const old = await context.newPage();
    const asked = [];
    old.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await old.goto(`${server.url}/crm/customer`);
    await old.waitForURL('**/old.html');
    await old.getByRole('heading', { name: '这个浏览器打不开 Guanxi' }).waitFor();
    await old.getByRole('heading', { name: 'This browser cannot open Guanxi' }).waitFor();
    await old.getByText('Firefox 128').first().waitFor();
    assert.ok(
      !asked.slice(asked.indexOf('/old.html')).some((path) => path.startsWith('/assets/')),
      'without the bundle',
    );
    if (kind === 'old') assert.deepEqual(await findings(old), []);
    await context.close();
  }
});

test('a window of the build before says so, and reloads itself for a part that is gone, with what was typed', async (t) => {
  const before = await front(server.url);
  t.after(before.stop);
  const typing = await open(browser, { state });
  const live = typing.waitForResponse((answer) => answer.url().endsWith('/api/v1/events'));
  await typing.goto(`${before.url}/crm/customer/new`);
  const name = typing.getByRole('textbox', { name: '客户名称 必填', exact: true });
  await name.fill('写到一半的客户');
  await live;
  // At rest: what is fetched unasked is there, and the files are kept.
  await filesKept(typing);
  await typing.waitForFunction(() => performance.now() > 10_000);
  before.update();
  await typing.getByRole('status').filter({ hasText: '有新版本' }).waitFor();
  assert.equal(await name.inputValue(), '写到一半的客户');
  assert.deepEqual(await findings(typing), []);
  // The palette was not fetched yet: it is a part of the old build.
  const loaded = typing.waitForEvent('load');
  await typing.keyboard.press('Control+k');
  await loaded;
  await typing.getByRole('button', { name: '接着填' }).click();
  assert.equal(await name.inputValue(), '写到一半的客户');
  await typing.keyboard.press('Control+k');
  await typing.getByRole('searchbox').waitFor();
  assert.equal(await typing.getByRole('status').filter({ hasText: '有新版本' }).count(), 0);
  await typing.context().close();
});

test('without the server the page opens, says so, and goes on once it is back; no answer to a member is kept', async () => {
  const kept = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const lists = await Promise.all(names.map(async (one) => (await caches.open(one)).keys()));
      return lists.flat().map((request) => new URL(request.url).pathname);
    });
  await filesKept(page);
  const paths = await kept();
  assert.ok(paths.includes('/'), 'the page itself');
  assert.deepEqual(
    paths.filter((path) => path.startsWith('/api/')),
    [],
  );
  await page.context().setOffline(true);
  await page.goto(`${server.url}/crm/customer`);
  await page.getByText('连不上服务器').first().waitFor();
  assert.deepEqual(await findings(page), []);
  await page.context().setOffline(false);
  await page.locator('main h1').waitFor();
});
