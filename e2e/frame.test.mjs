// The frame around every page: the palette, keys, stars, the member's own look.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, open } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let browser;
let page;
let api;
let leave;

before(async () => {
  ({ server, browser, page, api, leave } = await arrive({ furnished: true }));
});
after(() => leave?.());

const said = (end) => page.waitForResponse((answer) => answer.url().endsWith(end) && answer.ok());
const item = (name) => page.getByRole('menuitem', { name });
const palette = async () => {
  await page.keyboard.press('Control+k');
  return page.getByRole('searchbox');
};

test('the palette goes to a list by initials, makes a record by pinyin, finds a record by its name', async () => {
  const box = await palette();
  await box.fill('lxr');
  await item('联系人').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/crm/contact');

  await (await palette()).fill('xinjiankehu');
  await item('新建客户').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/crm/customer/new');

  await (await palette()).fill('大疆');
  await item(/深圳市大疆/).click();
  await page.getByRole('heading', { level: 1, name: '深圳市大疆创新科技有限公司' }).waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

test('what is composed acts on nothing until it is composed', async () => {
  const box = await palette();
  await box.dispatchEvent('compositionstart');
  await page.keyboard.type('lxr');
  assert.equal(await page.getByText('查看“lxr”的全部结果').count(), 0, 'nothing is looked for yet');
  assert.equal(await page.getByText('最近看过').count(), 1, 'what was there stays');
  await box.dispatchEvent('compositionend');
  await page.getByText('查看“lxr”的全部结果').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
});

test('a star stands in the navigation and the palette, on every device, and goes with the record', async () => {
  const kept = said('/me/starred');
  await page.keyboard.press('s');
  const nav = page.getByRole('navigation', { name: '导航' });
  const starred = nav.getByRole('link', { name: '深圳市大疆创新科技有限公司' });
  await starred.waitFor();
  await kept;
  const [mark] = (await api.send('GET', 'me/desk')).starred;
  assert.equal(mark.name, '深圳市大疆创新科技有限公司');
  await nav.getByRole('link', { name: '客户', exact: true }).click();
  await page.locator('[data-row]').first().waitFor();
  await starred.click();
  await page.getByRole('heading', { level: 1, name: '深圳市大疆创新科技有限公司' }).waitFor();
  const { version } = await api.send('GET', `records/crm.customer/${mark.record}`);
  await api.send('DELETE', `records/crm.customer/${mark.record}?version=${version}`);
  const desk = said('/me/desk');
  await page.goto(`${server.url}/crm/contact`);
  await desk;
  await nav.getByRole('link', { name: '客户', exact: true }).waitFor();
  assert.equal(await starred.count(), 0);
});

test('keys lead to lists, the sheet lists them, and they can be switched off', async () => {
  await page.goto(`${server.url}/crm/contact`);
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL('**/crm/customer');
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: '键盘快捷键' });
  await sheet.getByText('命令与搜索').waitFor();
  await sheet.getByText('新建客户').waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: '在列表中查找' }).focus();
  await page.keyboard.type('gc?');
  assert.equal(await sheet.count(), 0, 'typing is not a shortcut');
  await api.send('PATCH', 'me/look', { shortcuts: 'off' });
  await page.goto(`${server.url}/crm/contact`);
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('?');
  await page.keyboard.press('c');
  await (await palette()).waitFor();
  assert.equal(await sheet.count(), 0);
  assert.equal(new URL(page.url()).pathname, '/crm/contact');
  await page.keyboard.press('Escape');
  await api.send('PATCH', 'me/look', { shortcuts: 'on' });
});

test('the full search keeps its words in the address and filters by kind', async () => {
  await page.goto(`${server.url}/search?q=${encodeURIComponent('招商')}`);
  const kinds = page.getByRole('navigation', { name: '按类型' });
  await kinds.getByRole('link', { name: /客户/ }).click();
  await page.waitForURL('**entity=crm.customer*');
  await page.locator('mark', { hasText: '招商' }).first().waitFor();
  await page.getByRole('searchbox', { name: '搜索' }).fill('zsyh');
  await page.waitForURL('**q=zsyh*');
  await page
    .getByRole('link', { name: /招商银行/ })
    .first()
    .waitFor();
});

test('what a member chooses about the look comes with him to another device, before the first paint', async () => {
  await page.goto(`${server.url}/settings/profile`);
  await page.getByRole('button', { name: /字号/ }).click();
  const kept = said('/me/look');
  await page.getByRole('option', { name: '特大' }).click();
  await kept;
  const other = await open(browser, { state: await page.context().storageState() });
  await other.goto(`${server.url}/crm/customer`);
  await other.locator('[data-row]').first().waitFor();
  assert.equal(await other.evaluate(() => document.documentElement.dataset.size), 'larger');
  assert.equal(await other.evaluate(() => getComputedStyle(document.body).fontSize), '17px');
  await other.context().close();
  await api.send('PATCH', 'me/look', { size: 'normal' });
});

test('a group of the navigation folds and stays so', async () => {
  await page.goto(`${server.url}/crm/customer`);
  const nav = page.getByRole('navigation', { name: '导航' });
  const head = nav.getByRole('button', { expanded: true }).first();
  const name = await head.textContent();
  const kept = said('/me/look');
  await head.click();
  await kept;
  await page.reload();
  await nav.getByRole('button', { name, expanded: false }).click();
  await nav.getByRole('button', { name, expanded: true }).waitFor();
});

test('the page can be installed: its manifest and icons are served and the browser takes them', async () => {
  const cdp = await page.context().newCDPSession(page);
  const { errors, data } = await cdp.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  for (const { src } of JSON.parse(data).icons) {
    const answer = await fetch(server.url + src);
    assert.equal(answer.status, 200, src);
    assert.match(answer.headers.get('content-type'), /^image\//, src);
  }
  const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
  assert.deepEqual(
    // The windows of the tests are private ones, in which nothing is installed.
    installabilityErrors.map((error) => error.errorId).filter((id) => id !== 'in-incognito'),
    [],
  );
});
