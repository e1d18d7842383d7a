// What a new company does on its first day, in a real browser against the real
// program: set up, sign in, make, find, change, bring in, take back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { complaints, launch, open, settled } from './browser.mjs';
import { Api, admin, company, start } from './server.mjs';

let server;
let browser;
let page;
let api;

before(async () => {
  server = await start();
  browser = await launch();
  page = await open(browser);
  api = new Api(server.url);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (name, exact = true) => page.getByRole('button', { name, exact });
const field = (name) => page.getByRole('textbox', { name, exact: true });

async function choose(label, option) {
  await page.getByRole('button', { name: new RegExp(label) }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('the first run asks three things and shows the recovery passphrase once', async () => {
  await page.goto(server.url);
  await page.waitForURL('**/setup');
  await page.getByRole('heading', { name: '欢迎使用 Guanxi' }).waitFor();
  await field('公司名称').fill('甲'.repeat(101));
  await button('下一步').click();
  await field('姓名').fill(admin.name);
  await field('登录名').fill(admin.login);
  await field('密码').fill(admin.password);
  await button('显示密码').click();
  assert.equal(await field('密码').getAttribute('type'), 'text');
  await button('创建').click();
  // What is wrong with the company is mended where it was typed; the rest is kept.
  await page.getByText('最多 100 个').first().waitFor();
  await field('公司名称').fill(company.company);
  await button('下一步').click();
  assert.equal(await field('密码').inputValue(), admin.password);
  await button('创建').click();
  await page.getByRole('heading', { name: '恢复口令' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'OUTPUT');
  const passphrase = await page.locator('output').textContent();
  assert.ok(passphrase.length >= 20, `a passphrase worth the name: ${passphrase}`);
  assert.equal(await button('开始使用').isDisabled(), true);
  await page.getByText('我已经把恢复口令保存在安全的地方').click();
  // The passphrase stays while the first page does not open.
  await page.route('**/api/v1/session', (route) => route.abort());
  await button('开始使用').click();
  await page.getByText('没能打开首页').waitFor();
  assert.equal(await page.locator('output').textContent(), passphrase);
  await page.unroute('**/api/v1/session');
  page.complaints.length = 0;
  await button('开始使用').click();
  await page.waitForURL('**/today');
  await page.getByRole('link', { name: /导入客户/ }).waitFor();
  await page.goto(`${server.url}/crm/customer`);
  await page.getByText('还没有客户', { exact: false }).first().waitFor();
  await api.signIn();
  assert.deepEqual(complaints(page, 401, 422), []);
});

test('the first run cannot be done twice', async () => {
  await page.goto(`${server.url}/setup`);
  await page.waitForURL('**/today');
});

test('signing out and in, with a wrong password in between', async () => {
  await button(`${admin.name}：个人菜单`).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.waitForURL('**/sign-in*');
  await field('登录名').fill(admin.login);
  await field('密码').fill('not the password');
  await button('登录').click();
  await page.getByText('登录名或密码不对').waitFor();
  await field('密码').fill(admin.password);
  await button('登录').click();
  await page.waitForURL('**/today');
  assert.deepEqual(complaints(page, 401), []);
});

test('a form that is not right says so at the field and leads there', async () => {
  page.complaints.length = 0;
  await page.getByRole('link', { name: '新建客户' }).first().click();
  await page.waitForURL('**/crm/customer/new');
  await button('保存').click();
  const summary = page.getByRole('alert').filter({ hasText: '有 1 处需要修改' });
  await summary.waitFor();
  assert.equal(
    await summary.evaluate((box) => box === document.activeElement),
    true,
    'the summary takes focus',
  );
  await summary.getByRole('button').click();
  assert.equal(await field('客户名称 必填').evaluate((box) => box === document.activeElement), true);
});

test('a customer is made with a choice, a region and a phone', async () => {
  await field('客户名称 必填').fill('招商银行股份有限公司上海徐汇支行');
  await choose('客户状态', '洽谈中');
  await page.getByRole('button', { name: /地区/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: '上海市' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '选择“上海市”' }).click();
  await button('保存').click();
  await page.getByRole('heading', { name: '招商银行股份有限公司上海徐汇支行', level: 1 }).waitFor();
  await page.getByText('洽谈中').first().waitFor();
  await page.getByText('上海市').first().waitFor();
  await page.getByText('新建', { exact: true }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('a change shows in the facts and in the timeline', async () => {
  await page.getByRole('link', { name: '编辑' }).click();
  await field('客户名称 必填').fill('招商银行上海徐汇支行');
  await button('保存').click();
  await page.getByRole('heading', { name: '招商银行上海徐汇支行', level: 1 }).waitFor();
  await page.locator('del', { hasText: '招商银行股份有限公司上海徐汇支行' }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('two people change the same field: both values are shown, one is chosen', async () => {
  const id = new URL(page.url()).pathname.split('/').at(-1);
  await page.getByRole('link', { name: '编辑' }).click();
  await field('客户名称 必填').fill('我起的名字');
  const { version } = await api.send('GET', `records/crm.customer/${id}`);
  await api.send(
    'PATCH',
    `records/crm.customer/${id}`,
    { name: '别人起的名字' },
    { 'If-Match': `"v${version}"` },
  );
  await button('保存').click();
  const dialog = page.getByRole('dialog', { name: '两个人修改了同一项' });
  await dialog.getByText('我起的名字').waitFor();
  await dialog.getByText('别人起的名字').click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByRole('heading', { name: '别人起的名字', level: 1 }).waitFor();
  assert.deepEqual(complaints(page, 409, 412), []);
});

test('filters stand in the address and survive a reload', async () => {
  page.complaints.length = 0;
  await api.create('crm.customer', { name: '宁波舟山港集团', status: 'won' });
  await api.create('crm.customer', { name: '青岛海尔智家', status: 'won' });
  await api.create('crm.customer', { name: '福耀玻璃工业集团', status: 'lost' });
  await page.goto(`${server.url}/crm/customer`);
  await page.getByRole('link', { name: '宁波舟山港集团' }).waitFor();
  await button('筛选').click();
  await choose('^.*字段', '客户状态');
  await page.getByRole('dialog', { name: '筛选' }).getByRole('button', { name: /值/ }).click();
  await page.getByRole('option', { name: '成交', exact: true }).click();
  await page.keyboard.press('Escape');
  await button('应用').click();
  await page.waitForURL((url) => url.searchParams.get('filter') === 'status in ("won")');
  await page.getByRole('link', { name: '福耀玻璃工业集团' }).waitFor({ state: 'detached' });
  assert.equal(await page.locator('[data-row]').count(), 2);
  await page.reload();
  await page.getByRole('link', { name: '青岛海尔智家' }).waitFor();
  assert.equal(await page.locator('[data-row]').count(), 2);
  await button('清除筛选').click();
  await page.getByRole('link', { name: '福耀玻璃工业集团' }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('what others do appears without a reload', async () => {
  await api.create('crm.customer', { name: '沈阳新松机器人', status: 'contacted' });
  await page.getByRole('link', { name: '沈阳新松机器人' }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('a column sorts, and nothing found looks different from nothing there', async () => {
  await page.getByRole('columnheader', { name: '客户名称' }).getByRole('button').click();
  await page.waitForURL((url) => url.searchParams.get('sort') === 'name');
  await page.getByRole('textbox', { name: '在列表中查找' }).fill('没有这样的名字');
  await page.getByText('没有符合条件的记录').waitFor();
  await button('清除筛选').click();
  await page.getByRole('link', { name: '青岛海尔智家' }).waitFor();
});

test('search opens with a slash and finds by pinyin initials', async () => {
  await settled(page);
  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: '搜索' }).fill('nbzsg');
  await page.getByRole('menuitem', { name: /宁波舟山港集团/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '宁波舟山港集团', level: 1 }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('deleting asks, and can be undone', async () => {
  await button('更多操作').click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  const asking = page.getByRole('alertdialog');
  await asking.getByRole('button', { name: '删除' }).click();
  await page.waitForURL('**/crm/customer');
  await button('撤销').click();
  await page.getByRole('heading', { name: '宁波舟山港集团', level: 1 }).waitFor();
  assert.deepEqual(complaints(page, 404), []);
});

test('keys move through a list and make a new record', async () => {
  page.complaints.length = 0;
  await page.goto(`${server.url}/crm/customer?sort=name`);
  await page.locator('[data-row="1"]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-row]')?.dataset.row), '1');
  await page.keyboard.press('k');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-row]')?.dataset.row), '0');
  await page.keyboard.press('c');
  await page.waitForURL('**/crm/customer/new');
});

test('a name that is there already is shown before it is made again', async () => {
  await field('客户名称 必填').fill('青岛海尔智家');
  await button('保存').click();
  const dialog = page.getByRole('dialog', { name: '可能已经有了' });
  await dialog.getByText('青岛海尔智家').waitFor();
  await dialog.getByRole('button', { name: '回去修改' }).click();
  await button('取消').click();
  await page.getByRole('alertdialog').getByRole('button', { name: '放弃修改' }).click();
  await page.waitForURL('**/crm/customer');
  assert.deepEqual(complaints(page), []);
});

test('a table is brought in, looked at, and taken back', async () => {
  await page.goto(`${server.url}/crm/customer/import`);
  const table = '客户名称,客户状态,备用列\r\n杭州海康威视,成交,x\r\n"北京京东方, 光电",潜在,y\r\n';
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${table}`) });
  await page.getByText('客户.csv').waitFor();
  await page.getByRole('cell', { name: '备用列', exact: true }).waitFor();
  await button('开始导入').click();
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
  await page.getByText('没有导入的列：备用列').waitFor();
  assert.equal(await page.locator('dd').first().textContent(), '2');
  await page.getByRole('link', { name: '查看客户' }).click();
  await page.getByRole('link', { name: '北京京东方, 光电' }).waitFor();
  await page.goBack();
  assert.deepEqual(complaints(page), []);
});

test('an import is undone from its summary', async () => {
  await page.goto(`${server.url}/crm/customer/import`);
  await page.locator('input[type="file"]').setInputFiles({
    name: '更多.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('客户名称\n徐州工程机械集团\n'),
  });
  await button('开始导入').click();
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
  await button('撤销这次导入').click();
  await page.getByText('已撤销 1 条').waitFor();
  await page.goto(`${server.url}/crm/customer?q=${encodeURIComponent('徐州工程')}`);
  await page.getByText('没有符合条件的记录').waitFor();
  assert.deepEqual(complaints(page), []);
});

test('what is on screen is saved as a file', async () => {
  await page.goto(`${server.url}/crm/customer?filter=${encodeURIComponent('status == "lost"')}`);
  await page.getByRole('link', { name: '福耀玻璃工业集团' }).waitFor();
  await button('更多操作').click();
  await page.getByRole('menuitem', { name: '导出…' }).click();
  const dialog = page.getByRole('dialog', { name: '导出客户' });
  await dialog.getByRole('button', { name: /格式/ }).click();
  await page.getByRole('option', { name: 'CSV（UTF-8）' }).click();
  await dialog.getByRole('button', { name: '导出', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: /下载/ }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  assert.match(text, /福耀玻璃工业集团/);
  assert.doesNotMatch(text, /青岛海尔智家/);
  await page.keyboard.press('Escape');
  assert.deepEqual(complaints(page), []);
});

test('many are changed at once, and it is taken back', async () => {
  const won = async () =>
    (await api.send('GET', `records/crm.customer?count=true&filter=${encodeURIComponent('status == "won"')}`))
      .count.value;
  const before = await won();
  await page.goto(`${server.url}/crm/customer?sort=name`);
  await page.locator('[data-row="0"]').waitFor();
  const { value: all } = (await api.send('GET', 'records/crm.customer?count=true')).count;
  await page.keyboard.press('j');
  await page.getByRole('checkbox', { name: '选择全部' }).check({ force: true });
  await page.getByText(`已选 ${all} 条`).waitFor();
  await button('修改字段').click();
  const dialog = page.getByRole('dialog');
  for (const [label, option] of [
    [/要修改的字段/, '客户状态'],
    [/改为/, '成交'],
  ]) {
    await dialog.getByRole('button', { name: label }).last().click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }
  await button(`修改 ${all} 条`).click();
  await page.getByText(/已修改 \d+ 条/).waitFor();
  assert.equal(await won(), all);
  await button('撤销').click();
  await page.getByText(`已撤销 ${all - before} 条`).waitFor();
  assert.equal(await won(), before);
  assert.deepEqual(complaints(page), []);
});

test('a role is at work: who sees his own sees nothing else', async () => {
  const role = await api.create('org.role', { name: '渠道专员' });
  const own = ['read', 'create', 'update'].map((operation) => ({
    entity: 'crm.customer',
    operation,
    scope: 'own',
  }));
  await api.send('POST', `roles/${role.id}/rights`, { grants: own, fields: [] });
  const seller = await api.create('org.member', { name: '王芳', login: 'wangfang', roles: [role.id] });
  const { token } = await api.send('POST', `members/${seller.id}/link`);
  const hers = await open(browser);
  await hers.goto(`${server.url}/join#${token}`);
  for (const label of ['新密码', '再输一次'])
    await hers.getByRole('textbox', { name: label, exact: true }).fill('小桥流水 人家 2077');
  await hers.getByRole('button', { name: '设置密码并登录' }).click();
  await hers.waitForURL('**/today');
  await hers.getByRole('heading', { name: /王芳，/ }).waitFor();
  await hers.goto(`${server.url}/crm/customer`);
  await hers.getByText('还没有客户', { exact: false }).first().waitFor();
  const { items } = await api.send('GET', 'records/crm.customer?limit=1');
  await hers.goto(`${server.url}/crm/customer/${items[0].id}`);
  await hers.getByText('没有这个客户', { exact: false }).waitFor();
  await hers.goto(`${server.url}/crm/customer/new`);
  await hers.getByRole('textbox', { name: '客户名称 必填' }).fill('杭州云栖贸易');
  await hers.getByRole('button', { name: '保存', exact: true }).click();
  await hers.getByRole('heading', { name: '杭州云栖贸易', level: 1 }).waitFor();
  assert.deepEqual(complaints(hers, 401, 404), []);
  await hers.context().close();
});

test('a field made in the settings is in the form at once', async () => {
  await page.goto(`${server.url}/settings/customize/crm/customer`);
  await button('新建字段').click();
  const dialog = page.getByRole('dialog', { name: '新建字段' });
  await dialog.getByRole('textbox', { name: /中文名称/ }).fill('会员号');
  await dialog.getByRole('textbox', { name: /接口名/ }).fill('member_no');
  await dialog.getByRole('button', { name: '创建' }).click();
  await page.getByRole('cell', { name: /^会员号/ }).waitFor();
  await page.goto(`${server.url}/crm/customer/new`);
  await field('会员号').waitFor();
  assert.deepEqual(complaints(page), []);
});

test('the language changes everywhere at once', async () => {
  await page.goto(`${server.url}/settings/profile`);
  await choose('语言', 'English');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('link', { name: 'New customer' }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('the address of the settings leads to their first part', async () => {
  page.complaints.length = 0;
  await page.goto(`${server.url}/settings`);
  await page.waitForURL('**/settings/profile');
  await page.getByRole('heading', { name: /^(设置|Settings)$/ }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('an address that is not there says so', async () => {
  await page.goto(`${server.url}/crm/customer/0000000000000`);
  await page.getByText('没有这个客户', { exact: false }).waitFor();
  await page.goto(`${server.url}/crm/nothing`);
  await page.getByText('看不到这里的内容').waitFor();
  assert.deepEqual(complaints(page, 404, 400), []);
});
