// The list at work: views, columns, filters, choosing and changing many, cells
// edited where they stand; without a mouse, on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, findings, open, settled } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let browser;
let page;
let api;
let state;
let leave;

before(async () => {
  ({ server, browser, page, api, state, leave } = await arrive({ furnished: true }));
});

after(() => leave?.());

const button = (name) => page.getByRole('button', { name, exact: true });
const rows = () => page.locator('[data-row]');
const shown = () => new URL(page.url()).searchParams;
const count = async (filter) =>
  (await api.send('GET', `records/crm.customer?count=true&limit=1&filter=${encodeURIComponent(filter)}`))
    .count.value;

async function list(query = '') {
  await page.goto(`${server.url}/crm/customer${query}`);
  await rows().first().waitFor();
  await settled(page);
}

async function choose(label, option) {
  await page.getByRole('dialog').getByRole('button', { name: label }).last().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('a filter of groups is built, is in the address and in words', async () => {
  await list();
  await button('筛选').click();
  await button('组合条件').click();
  const dialog = page.getByRole('dialog', { name: '筛选条件' });
  await dialog.waitFor();
  await choose(/字段/, '客户状态');
  await choose(/值/, '成交');
  await page.keyboard.press('Escape');
  await button('添加条件组').click();
  await choose(/字段/, '创建时间');
  await dialog.getByText('，且创建时间 本月').waitFor();
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole('button', { name: '应用' }).click();
  await page.waitForURL(/filter=/);
  assert.equal(
    shown().get('filter'),
    'status in ("won") and (created_at >= month_start() and created_at < month_start(1))',
  );
  await button('客户状态 是以下之一 成交').waitFor();
  await page.getByText('共 7 条').waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

test('a view is kept, changed, put back, and deleted', async () => {
  await list('?filter=status+in+("won")');
  await button('另存为新视图').first().click();
  await page.getByRole('textbox', { name: /名称/ }).fill('成交客户');
  await page.getByText('我打开列表时先显示它').click();
  await button('保存').click();
  await page.waitForURL(/view=/);
  await page.getByRole('link', { name: /成交客户/, current: 'page' }).waitFor();
  await page.getByRole('button', { name: '客户级别', exact: true }).click();
  await page.waitForURL(/sort=level/);
  await page.getByRole('img', { name: '有未保存的更改' }).waitFor();
  await button('保存视图').click();
  await page.waitForURL((url) => !url.searchParams.has('sort'));
  assert.equal((await api.send('GET', 'views?entity=crm.customer')).items[0].sort, 'level');
  // It is what the list opens with now.
  await list();
  await page.getByRole('link', { name: /成交客户/, current: 'page' }).waitFor();
  await button('视图“成交客户”的菜单').click();
  await page.getByRole('menuitem', { name: '删除视图' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '删除' }).click();
  await page.getByText('已删除视图').waitFor();
  assert.deepEqual((await api.send('GET', 'views?entity=crm.customer')).items, []);
});

test('columns are hidden, moved and pulled without a mouse', async () => {
  await list();
  await button('显示').click();
  await page.getByRole('checkbox', { name: '客户级别' }).press(' ');
  await button('上移 负责人').press('Enter');
  await page.waitForURL(/columns=name%2Cowner%2Cstatus/);
  // Two changes in one frame: the second knows the first.
  await page.evaluate(() => {
    for (const box of document.querySelectorAll('[role="dialog"] input.pick'))
      if (['行业', '电话'].includes(box.closest('label').textContent)) box.click();
  });
  await page.waitForURL((url) => !/industry|phone/.test(url.searchParams.get('columns')));
  await page.keyboard.press('Escape');
  // The address is ahead of the list: its columns share anew what the two leave.
  for (const name of [/行业/, /电话/])
    await page.getByRole('columnheader', { name }).waitFor({ state: 'detached' });
  const edge = page.getByRole('separator', { name: '客户状态 列宽' });
  const head = page.getByRole('columnheader', { name: /客户状态/ });
  const before = (await head.boundingBox()).width;
  await edge.press('ArrowRight');
  await edge.press('ArrowRight');
  assert.equal(Math.round((await head.boundingBox()).width), Math.round(before) + 32);
  await page.reload();
  await rows().first().waitFor();
  assert.equal(Math.round((await head.boundingBox()).width), Math.round(before) + 32);
  await edge.press('Enter');
});

test('a cell is edited where it stands, and taken back', async () => {
  await list('?sort=name');
  await page.keyboard.press('j');
  const first = page.locator('[data-row="0"]');
  const name = await first.locator('[data-cell="name"]').textContent();
  await page.keyboard.press('ArrowRight');
  const column = await page.evaluate(() => document.activeElement?.getAttribute('data-cell'));
  assert.equal(column, 'status');
  for (let i = 0; i < 10; i++) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))) === 'phone') break;
    await page.keyboard.press('ArrowRight');
  }
  const old = await first.locator('[data-cell="phone"]').textContent();
  await page.keyboard.press('F2');
  await page.locator('input:focus').waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('021-55667788');
  await page.keyboard.press('Enter');
  await page.getByText('已保存：电话').waitFor();
  const where = `name == ${JSON.stringify(name)} and phone contains "55667788"`;
  assert.equal(await count(where), 1);
  await page.getByRole('button', { name: '撤销' }).click();
  await first.getByText(old).waitFor();
  assert.equal(await count(where), 0);
  // What is refused says so at its cell, and nothing is changed.
  await first.locator('[data-cell="phone"]').dblclick();
  await page.locator('input:focus').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('data-cell')),
    'phone',
    'focus is back at the cell',
  );
});

test('all but two are changed at once, and it is undone', async () => {
  await list('?sort=name');
  const before = (await api.send('GET', 'records/crm.customer?fields=name,level&limit=200&sort=name')).items;
  await page.keyboard.press('j');
  await page.getByRole('checkbox', { name: '选择全部' }).check({ force: true });
  for (const at of [1, 2]) await page.locator(`[data-row="${at}"] input`).click({ force: true });
  await page.getByText('已选 18 条').waitFor();
  await button('修改字段').click();
  await choose(/要修改的字段/, '客户级别');
  await choose(/改为/, 'D 级（小客户）');
  await page.getByText('将影响 18 条记录').waitFor();
  assert.deepEqual(await findings(page), []);
  await button('修改 18 条').click();
  await page.getByText('已修改 18 条').waitFor();
  assert.equal(await count('level == "d"'), 18);
  await button('撤销').click();
  // One had the level already: it was not changed and is not taken back.
  await page.getByText('已撤销 17 条').waitFor();
  const after = (await api.send('GET', 'records/crm.customer?fields=name,level&limit=200&sort=name')).items;
  assert.deepEqual(
    after.map(({ name, level }) => [name, level]),
    before.map(({ name, level }) => [name, level]),
  );
  await button('关闭').last().click();
  assert.deepEqual(complaints(page, 401), []);
});

test('keys choose rows and let them go; composing hanzi does nothing', async () => {
  await list('?sort=name');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await page.getByText('已选 3 条').waitFor();
  await button('导出').click();
  await page.getByRole('dialog', { name: '导出客户' }).getByRole('button', { name: '取消' }).click();
  await page.locator('[data-row="2"] a').focus();
  const compose = (key) =>
    page.evaluate((one) => {
      const event = new KeyboardEvent('keydown', { key: one, bubbles: true, isComposing: true });
      document.activeElement.dispatchEvent(event);
    }, key);
  await compose('x');
  await compose('Escape');
  await page.getByText('已选 3 条').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('已选 3 条').waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 1440, height: 500 });
  // Lines are written anew as one goes; the focus stays at its column, what is read aloud in order.
  await page.keyboard.press('Control+End');
  const at = () => page.evaluate(() => document.activeElement.closest('[data-row]')?.dataset.row);
  const last = (await count('')) - 1;
  assert.equal(await at(), String(last));
  await page.keyboard.press('PageUp');
  assert.ok(Number(await at()) < last);
  await page.keyboard.press('Control+Home');
  assert.equal(await at(), '0');
  await page.waitForFunction(() => {
    const order = [...document.querySelectorAll('[data-row]')].map((row) => Number(row.dataset.row));
    return order.every((n, i) => i === 0 || n === order[i - 1] + 1);
  });
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('on a phone: filters and order in sheets, rows chosen by touch', async () => {
  const phone = await open(browser, { width: 390, state });
  await phone.goto(`${server.url}/crm/customer`);
  await phone.locator('li a[data-id]').first().waitFor();
  await phone.getByRole('button', { name: '显示', exact: true }).tap();
  await phone.getByRole('button', { name: '添加排序' }).tap();
  await phone.waitForURL(/sort=/);
  assert.deepEqual(await findings(phone), []);
  await phone.keyboard.press('Escape');
  await phone.getByRole('button', { name: '多选' }).tap();
  await phone.locator('li a[data-id]').first().tap();
  await phone.locator('li a[data-id]').nth(1).tap();
  await phone.getByText('已选 2 条').waitFor();
  assert.deepEqual(await findings(phone), []);
  assert.equal(
    await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    true,
    'nothing hangs over the edge',
  );
  await phone.context().close();
});

test('a thousand are changed with the progress in sight, and taken back exactly; ten thousand in the soak', async () => {
  const many = process.env.GUANXI_SOAK ? 10_000 : 1_000;
  const here = await count('');
  for (let made = here; made < many; ) {
    const items = Array.from({ length: Math.min(200, many - made) }, (_, i) => ({
      name: `批量客户${made + i}`,
      level: ['a', 'b'][i % 2],
    }));
    await api.send('POST', 'records/crm.customer/bulk', { op: 'create', items });
    made += items.length;
  }
  const columns = 'name,status,level,owner,phone,region,amount,next_follow_on,remark';
  const table = async () => {
    const path = `export/crm.customer?fields=${columns}&sort=name&headers=keys`;
    return (await fetch(`${server.url}/api/v1/${path}`, { headers: { Cookie: api.cookie } })).text();
  };
  const before = await table();
  const all = many;
  const figure = (n) => n.toLocaleString('zh-CN');
  const bar = page.getByRole('region', { name: '批量操作' });

  async function changeAll() {
    await list('?sort=name');
    await watch();
    await page.getByRole('checkbox', { name: '选择全部' }).check({ force: true });
    await page.getByText(`已选 ${figure(all)} 条`).waitFor();
    await button('修改字段').click();
    await choose(/要修改的字段/, '客户级别');
    await choose(/改为/, 'D 级（小客户）');
    await button(`修改 ${figure(all)} 条`).click();
  }
  /** What a progress bar has shown from now on: that there is work, and every figure of how far it is. */
  const watch = () =>
    page.evaluate(() => {
      window.progress = [];
      new MutationObserver(() => {
        const bar = document.querySelector('[role="progressbar"]');
        const now = bar && (bar.getAttribute('aria-valuenow') ?? 'under way');
        if (now && window.progress.at(-1) !== now) window.progress.push(now);
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  const late = { timeout: 120_000 };

  await changeAll();
  await bar.getByText(`已修改 ${figure(all)} 条`).waitFor(late);
  const steps = await page.evaluate(() => window.progress);
  // A thousand may be done before it is asked how far they are.
  assert.ok(steps.length > (many > 1_000 ? 3 : 0), `the progress is in sight, and moves: ${steps}`);
  assert.equal(await count('level == "d"'), all);
  assert.notEqual(await table(), before);
  await button('撤销').click();
  await bar.getByText(/已撤销 [\d,]+ 条/).waitFor(late);
  assert.equal(await table(), before, 'every record is as it was');
  await bar.getByRole('button', { name: '关闭' }).click();

  // A thousand are done before a hand is at the button.
  if (many > 1_000) {
    await changeAll();
    await bar.getByRole('button', { name: '停止' }).click();
    await bar.getByText(/已停止。 已修改 [\d,]+ 条/).waitFor(late);
    const came = await count('level == "d"');
    assert.ok(came > 0 && came < all, `it was stopped after ${came}`);
    await button('撤销').click();
    await bar.getByText(/已撤销 [\d,]+ 条/).waitFor(late);
    assert.equal(await table(), before, 'as far as it went, it is taken back');
  }
  assert.deepEqual(complaints(page, 401), []);
});
