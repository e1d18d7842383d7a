// A table comes in, is found, opened, edited, filtered and handed over, all
// without a mouse; what
// the wizard shows and remembers; exports with chosen columns.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { complaints } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let page;
let api;
let leave;

const table =
  '客户名称,状态,负责人,电话,建档日期\n' +
  '苏州恒泰机械有限公司,成交,liming,0512-66668888,2019-03-04\n' +
  '无锡精工阀门有限公司,已签约,张三丰,0510-82345678,2020-05-06\n' +
  '常州远东电缆有限公司,已签约,张三丰,0519-85556666,2021-07-08\n';
const file = (name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(table) });

before(async () => {
  ({ server, page, api, leave } = await arrive());
});
after(() => leave?.());

/** Presses Tab until the wanted control has the focus, then the key. */
async function reach(wanted, key) {
  const is = (element) => element === document.activeElement || element.contains(document.activeElement);
  await wanted.waitFor();
  // The element itself: while a list is open all else is hidden from roles.
  const element = await wanted.elementHandle();
  for (let i = 0; i < 120; i++) {
    if (await element.evaluate(is)) {
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail('the control cannot be reached by Tab');
}
const button = (name) => page.getByRole('button', { name, exact: true });

test('without a mouse: a file comes in, unknown values are told, the run is tried first', async () => {
  await page.goto(`${server.url}/crm/customer/import`);
  const chosen = page.waitForEvent('filechooser');
  await reach(button('选择文件'), 'Enter');
  await (await chosen).setFiles(file('客户.csv'));
  await page.getByRole('heading', { name: '前几行导入后的样子' }).waitFor();
  await page.getByText('已识别：中文客户表').waitFor();
  await page.getByRole('heading', { name: '有些值系统不认识' }).waitFor();

  await reach(page.getByRole('button', { name: /客户状态中的“已签约”/ }), 'Enter');
  const won = page.getByRole('option', { name: '成交', exact: true });
  await won.waitFor();
  for (let i = 0; i < 12 && !(await won.evaluate((one) => one === document.activeElement)); i++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await reach(button('留空'), 'Enter');
  await button('已留空').waitFor();

  await reach(button('先试运行'), 'Enter');
  await page.getByRole('heading', { name: '试运行结果（没有写入数据）' }).waitFor();
  await api.signIn();
  assert.equal((await api.send('GET', 'records/crm.customer?count=true')).count.value, 0);
  await reach(button('开始导入'), 'Enter');
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
  assert.match(page.url(), /job=/);
  await page.reload();
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

/** Opens a choice and walks to what is wanted, all by keys. */
async function choose(wanted, name) {
  await reach(wanted, 'Enter');
  const option = page.getByRole('option', { name, exact: true });
  await option.waitFor();
  for (let i = 0; i < 60; i++) {
    if (await option.evaluate((one) => one === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
}

test('without a mouse: what came in is found, opened and edited', async () => {
  await page.goto(`${server.url}/crm/customer`);
  await page.locator('[data-row]').first().waitFor();
  const found = page.getByRole('textbox', { name: '在列表中查找' });
  await reach(found, 'Home');
  await page.keyboard.type('阀门');
  await page.waitForURL('**q=*');
  await page.locator('[data-row="0"]', { hasText: '无锡精工阀门' }).waitFor();
  await reach(page.locator('[data-row="0"] a').first(), 'Enter');
  await page.getByRole('heading', { level: 1, name: '无锡精工阀门有限公司' }).waitFor();
  const { items } = await api.send(
    'GET',
    'records/crm.customer?fields=name,owner,status,source_created_at&q=%E9%98%80%E9%97%A8&fresh=true',
  );
  assert.equal(items[0].status, 'won');
  assert.match(items[0].source_created_at, /^2020-05-0[56]/);

  await page.keyboard.press('e');
  await page.waitForURL('**/edit');
  const name = page.getByRole('textbox', { name: /^客户名称/ });
  await reach(name, 'End');
  await page.keyboard.type('（集团）');
  await reach(button('保存'), 'Enter');
  await page.getByRole('heading', { level: 1, name: '无锡精工阀门有限公司（集团）' }).waitFor();
});

/** Whether the keys stand at an option, the focus being in the field that it belongs to. */
const pointed = (option) =>
  option.evaluate((one) => document.activeElement.getAttribute('aria-activedescendant') === one.id);

test('without a mouse: what came in is filtered, and all of it goes to a colleague', async () => {
  await api.create('org.member', { name: '王芳', login: 'wangfang' });
  await page.goto(`${server.url}/crm/customer`);
  await page.locator('[data-row]').first().waitFor();
  await reach(button('筛选'), 'Enter');
  await reach(button('组合条件'), 'Enter');
  const dialog = page.getByRole('dialog', { name: '筛选条件' });
  await choose(dialog.getByRole('button', { name: /字段/ }).last(), '客户状态');
  await choose(dialog.getByRole('button', { name: /值/ }).last(), '成交');
  await page.keyboard.press('Escape');
  await reach(button('应用'), 'Enter');
  await page.waitForURL(/filter=status/);
  await button('客户状态 是以下之一 成交').waitFor();

  const { items } = await api.send(
    'GET',
    'records/crm.customer?filter=status%20%3D%3D%20%22won%22&fields=name',
  );
  assert.equal(items.length, 3);
  await reach(page.getByRole('checkbox', { name: '选择全部' }), 'Space');
  await page.getByText('已选 3 条').waitFor();
  await reach(button('转移'), 'Enter');
  const owner = page.getByRole('dialog').getByRole('combobox');
  await owner.waitFor();
  await reach(owner, 'End');
  await page.keyboard.type('wf');
  // Whoever does not match goes once the answer is there.
  await page.getByRole('option', { name: /李明/ }).waitFor({ state: 'detached' });
  const wang = page.getByRole('option', { name: /王芳/ });
  await wang.waitFor();
  for (let i = 0; i < 3 && !(await pointed(wang)); i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await wang.waitFor({ state: 'detached' });
  await reach(button('转移 3 条'), 'Enter');
  await page.getByText('已转移 3 条').waitFor();
  const owned = 'records/crm.customer?count=true&filter=owner.name%20%3D%3D%20%22%E7%8E%8B%E8%8A%B3%22';
  assert.equal((await api.send('GET', owned)).count.value, 3);
  assert.deepEqual(complaints(page, 401), []);
});

test('the next file of the same columns is mapped and understood as the last one', async () => {
  await page.goto(`${server.url}/crm/customer/import`);
  await page.locator('input[type="file"]').setInputFiles(file('又一份.csv'));
  await page.getByText('已按您上次导入同样文件的方式对应各列').waitFor();
  const told = page.getByRole('button', { name: /客户状态中的“已签约”/ });
  await told.filter({ hasText: '成交' }).waitFor();
  await button('已留空').waitFor();
});

test('the import is undone, and its template says what columns take', async () => {
  await page.goto(`${server.url}/crm/customer/import`);
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载模板' }).click();
  const path = await (await started).path();
  assert.equal(readFileSync(path).subarray(0, 2).toString(), 'PK');
  const { items } = await api.send('GET', 'jobs?limit=10');
  const run = items.find((job) => job.kind === 'import' && !job.result?.dry_run);
  await page.goto(`${server.url}/crm/customer/import?job=${run.id}`);
  await button('撤销这次导入').click();
  await page.getByText(/已撤销/).waitFor();
});

test('an export takes the columns that are chosen and brings the file when it is done', async () => {
  await api.create('crm.customer', { name: '=危险公式', phone: '021-12345678' });
  await page.goto(`${server.url}/crm/customer`);
  await page.locator('[data-row]').first().waitFor();
  await button('更多操作').first().click();
  await page.getByRole('menuitem', { name: '导出…' }).click();
  const dialog = page.getByRole('dialog', { name: '导出客户' });
  await dialog.getByRole('button', { name: /格式/ }).click();
  await page.getByRole('option', { name: 'CSV（UTF-8）' }).click();
  await dialog.getByRole('button', { name: '导出', exact: true }).click();
  const started = page.waitForEvent('download');
  await dialog.getByRole('link', { name: /下载/ }).click();
  const text = readFileSync(await (await started).path(), 'utf8');
  assert.match(text, /^\uFEFF?客户名称/);
  assert.match(text, /'=危险公式|"'=危险公式|\t=危险公式/);
});
