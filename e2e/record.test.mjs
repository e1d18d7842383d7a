// One record as people work on it: changed in its place, by two at once, logged
// about from a phone, looked at beside its list, taken back from the bin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, open, saving, settled } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let browser;
let api;
let state;
let page;
let bank;
let leave;

/** The smallest picture there is. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

before(async () => {
  ({ server, browser, page, api, state, leave } = await arrive());
  const made = await api.create('crm.customer', {
    name: '招商银行上海徐汇支行',
    short_name: '招行徐汇',
    status: 'contacted',
    phone: '021-64380037',
  });
  bank = made.id;
  await api.create('crm.contact', { name: '王芳', customer: bank });
  page.complaints.length = 0;
});

after(() => leave?.());

const fact = (on, key) => on.locator(`[data-fact="${key}"]`);
const stored = () => api.send('GET', `records/crm.customer/${bank}`);

test('a fact is changed in its place, with the keyboard alone', async () => {
  await page.goto(`${server.url}/crm/customer/${bank}`);
  await settled(page);
  await page.getByRole('button', { name: '编辑简称' }).focus();
  await page.keyboard.press('Enter');
  const box = fact(page, 'short_name').getByRole('textbox');
  await box.waitFor();
  await page.keyboard.type('徐汇招行');
  await page.keyboard.press('Escape');
  await fact(page, 'short_name').getByText('招行徐汇').waitFor();
  assert.equal((await stored()).short_name, '招行徐汇', 'Esc leaves the value alone');
  await page.keyboard.press('Enter');
  await box.waitFor();
  await page.keyboard.type('徐汇招行');
  await page.keyboard.press('Enter');
  await page.getByText('已保存').waitFor();
  await fact(page, 'short_name').getByText('徐汇招行').waitFor();
  await page.locator('del', { hasText: '招行徐汇' }).waitFor();
  assert.equal((await stored()).short_name, '徐汇招行');
  await page.getByRole('button', { name: '撤销' }).click();
  await fact(page, 'short_name').getByText('招行徐汇').waitFor();
  assert.deepEqual(complaints(page), []);
});

test('Tab goes on to the next fact, and what the server refuses is said there', async () => {
  await page.getByRole('button', { name: '编辑客户名称' }).click();
  await fact(page, 'name').getByRole('textbox').fill('');
  await page.keyboard.press('Tab');
  await fact(page, 'name').getByRole('alert').getByText('此项必填').waitFor();
  await page.getByRole('button', { name: '编辑客户名称' }).click();
  await fact(page, 'name').getByRole('textbox').fill('招商银行徐汇支行');
  await page.keyboard.press('Tab');
  await fact(page, 'short_name').getByRole('textbox').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '招商银行徐汇支行', level: 1 }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('the status is set where it stands', async () => {
  await page.getByRole('button', { name: /^客户状态：已联系/ }).click();
  await page.getByRole('menuitem', { name: '洽谈中' }).click();
  await page.getByRole('button', { name: /^客户状态：洽谈中/ }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('two people at one record: nobody’s change is lost', async () => {
  const other = await open(browser, { state });
  for (const one of [page, other]) {
    await one.goto(`${server.url}/crm/customer/${bank}`);
    await settled(one);
  }
  // Different facts, at the same time: both are kept.
  await page.getByRole('button', { name: '编辑简称' }).click();
  await other.getByRole('button', { name: '编辑电话', exact: true }).click();
  await fact(page, 'short_name').getByRole('textbox').fill('甲改的');
  await fact(other, 'phone').getByRole('textbox').fill('021-64380038');
  await Promise.all([page.keyboard.press('Enter'), other.keyboard.press('Enter')]);
  await fact(page, 'phone').getByText('64380038').waitFor();
  await fact(other, 'short_name').getByText('甲改的').waitFor();

  // The same fact: the second is shown both and chooses.
  await page.getByRole('button', { name: '编辑简称' }).click();
  await fact(page, 'short_name').getByRole('textbox').fill('甲又改的');
  await other.getByRole('button', { name: '编辑简称' }).click();
  await fact(other, 'short_name').getByRole('textbox').fill('乙改的');
  await saving(other, () => other.keyboard.press('Enter'));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '两个人修改了同一项' });
  await dialog.getByText('原来是：甲改的').waitFor();
  await dialog.getByText('甲又改的').waitFor();
  await dialog.getByText('乙改的').waitFor();
  assert.equal((await stored()).short_name, '乙改的', 'nothing is overwritten before the choice');
  await dialog.getByText('甲又改的').click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await fact(other, 'short_name').getByText('甲又改的').waitFor();

  // In the form: what others changed elsewhere stays as they left it.
  await page.goto(`${server.url}/crm/customer/${bank}/edit`);
  await page.getByRole('textbox', { name: '简称' }).fill('表单改的');
  await other.getByRole('button', { name: '编辑电话', exact: true }).click();
  await fact(other, 'phone').getByRole('textbox').fill('021-64380039');
  await saving(other, () => other.keyboard.press('Enter'));
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.waitForURL(`**/crm/customer/${bank}`);
  const now = await stored();
  assert.equal(now.short_name, '表单改的');
  assert.match(now.phone, /64380039$/);
  assert.deepEqual(complaints(page, 409, 412), []);
  assert.deepEqual(complaints(other, 409, 412), []);
  page.complaints.length = 0;
  await other.context().close();
});

test('what belongs to a record is made from it', async () => {
  await page.goto(`${server.url}/crm/customer/${bank}?tab=crm.contact.customer`);
  await page.getByRole('link', { name: '新建联系人' }).click();
  await page.waitForURL('**/crm/contact/new*');
  await page.getByRole('textbox', { name: /^姓名/ }).fill('张伟');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('heading', { name: '张伟', level: 1 }).waitFor();
  await page.getByRole('link', { name: '招商银行徐汇支行' }).first().click();
  await page
    .getByRole('link', { name: /^联系人/ })
    .getByText('2')
    .waitFor();
  assert.deepEqual(complaints(page), []);
});

test('on a phone: find a customer, call, log a visit with a photo and the next date', async () => {
  const phone = await open(browser, { state, width: 390 });
  await phone.goto(`${server.url}/crm/customer`);
  await phone.getByRole('link', { name: /招商银行徐汇支行/ }).tap();
  await phone.waitForURL(`**/crm/customer/${bank}`);
  const call = phone.getByRole('link', { name: '打电话' });
  await call.waitFor();
  assert.match(await call.getAttribute('href'), /^tel:\+?[\d]+$/);
  await phone.getByRole('link', { name: '时间线' }).tap();
  await phone.getByRole('button', { name: '写跟进记录' }).tap();
  const form = phone.getByRole('form', { name: '写跟进记录' });
  await form.getByRole('button', { name: /跟进方式/ }).tap();
  await phone.getByRole('option', { name: '上门拜访' }).tap();
  await form.getByRole('textbox', { name: /跟进内容/ }).fill('客户看了样机，下周给报价。');
  await form
    .locator('input[type="file"]')
    .first()
    .setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: picture });
  await form.getByText('现场.png').waitFor();
  await form.getByRole('textbox', { name: '下次跟进日期' }).tap();
  await phone.getByRole('button', { name: '明天', exact: true }).tap();
  await form.getByRole('button', { name: '保存' }).tap();
  const entry = phone.getByRole('article');
  await entry.getByText('客户看了样机，下周给报价。').waitFor();
  await entry.getByText('上门拜访', { exact: false }).waitFor();
  await entry.getByRole('button', { name: '查看 现场.png' }).tap();
  await phone.getByRole('dialog', { name: '现场.png' }).getByRole('img', { name: '现场.png' }).waitFor();
  assert.match((await stored()).next_follow_on, /^\d{4}-\d\d-\d\d$/, 'the next date is the customer’s too');
  assert.deepEqual(complaints(phone), []);
  await phone.context().close();
});

test('files are dropped on a record and shown', async () => {
  await page.goto(`${server.url}/crm/customer/${bank}?tab=files`);
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles([
      { name: '门头.png', mimeType: 'image/png', buffer: picture },
      { name: '备忘.txt', mimeType: 'text/plain', buffer: Buffer.from('送货走北门') },
    ]);
  await page.getByRole('button', { name: '查看 备忘.txt' }).click();
  const dialog = page.getByRole('dialog', { name: '备忘.txt' });
  await dialog.getByText('送货走北门').waitFor();
  await page.keyboard.press('Escape');
  assert.equal((await stored()).attachments.length, 2);
  assert.deepEqual(complaints(page), []);
});

test('a row is looked at beside its list; j and k go through the rows', async () => {
  for (const name of ['安徽合力', '安徽江淮']) await api.create('crm.customer', { name });
  await page.goto(`${server.url}/crm/customer?sort=name`);
  await page.locator('[data-row="2"]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  const peek = page.getByRole('complementary', { name: '客户速览' });
  await peek.getByRole('heading', { name: '安徽合力' }).waitFor();
  await page.waitForURL((url) => Boolean(url.searchParams.get('peek')));
  await page.keyboard.press('j');
  await peek.getByRole('heading', { name: '安徽江淮' }).waitFor();
  await page.keyboard.press('k');
  await peek.getByRole('heading', { name: '安徽合力' }).waitFor();
  await page.keyboard.press('ArrowRight');
  assert.equal(await peek.evaluate((box) => box === document.activeElement), true, '→ leads into the panel');
  await peek.getByRole('tab', { name: '时间线' }).click();
  await peek.getByText('新建', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await peek.waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).searchParams.get('peek'), null);
  assert.equal(
    await page.evaluate(() => document.activeElement.closest('[data-row]')?.dataset.row),
    '0',
    'the focus is back at the row',
  );
  await page.locator('[data-row="1"]').click({ position: { x: 600, y: 12 } });
  await peek.getByRole('heading', { name: '安徽江淮' }).waitFor();
  await peek.getByRole('link', { name: '打开' }).click();
  await page.getByRole('heading', { name: '安徽江淮', level: 1 }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('what was deleted is in the bin and comes back with what hung under it', async () => {
  const made = await api.create('crm.customer', { name: '删错的客户' });
  const contact = await api.create('crm.contact', { name: '一起删的人', customer: made.id });
  await api.send('DELETE', `records/crm.customer/${made.id}`, undefined, { 'If-Match': '*' });
  await page.goto(`${server.url}/crm/customer`);
  await settled(page);
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '回收站' }).click();
  await page.waitForURL('**/crm/customer/bin');
  await page
    .getByRole('listitem')
    .filter({ hasText: '删错的客户' })
    .getByText('李明', { exact: false })
    .first()
    .waitFor();
  await page.getByRole('button', { name: '恢复 删错的客户' }).click();
  await page.getByRole('heading', { name: '删错的客户', level: 1 }).waitFor();
  assert.equal((await api.send('GET', `records/crm.contact/${contact.id}`)).name, '一起删的人');
  await page.goto(`${server.url}/crm/customer/bin`);
  await page.getByText('客户的回收站是空的').waitFor();
  assert.deepEqual(complaints(page), []);
});

test('what was typed survives a crash, meets what others changed, and is asked about before it is given up', async () => {
  await page.goto(`${server.url}/crm/customer/${bank}/edit`);
  const name = page.getByRole('textbox', { name: '简称' });
  await name.fill('没保存的简称');
  await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('guanxi.draft.')));
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '取消' }).click();
  assert.equal(await name.inputValue(), '没保存的简称');

  const { version } = await stored();
  await api.send(
    'PATCH',
    `records/crm.customer/${bank}`,
    { short_name: '别人改的' },
    { 'If-Match': `"v${version}"` },
  );
  await page.reload();
  await page.getByText('有一份没有保存的草稿').waitFor();
  assert.equal(await name.inputValue(), '别人改的');
  await page.getByRole('button', { name: '接着填' }).click();
  assert.equal(await name.inputValue(), '没保存的简称');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: '两个人修改了同一项' });
  await dialog.getByText('别人改的').waitFor();
  await dialog.getByText('没保存的简称').click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(`**/crm/customer/${bank}`);
  assert.equal((await stored()).short_name, '没保存的简称');
  assert.equal(
    await page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('guanxi.draft.'))),
    false,
    'nothing is kept of what is saved',
  );
  assert.deepEqual(complaints(page, 409, 412), []);
  page.complaints.length = 0;
});

test('a name that is there already is told while it is typed', async () => {
  await page.goto(`${server.url}/crm/customer/new`);
  await page.getByRole('textbox', { name: /^客户名称/ }).fill('安徽江淮有限公司');
  await page
    .getByRole('status')
    .filter({ hasText: '可能已经有了' })
    .getByRole('link', { name: '安徽江淮' })
    .waitFor();
  // Of another kind too: the lead that he has been until now.
  await api.create('crm.lead', { company: '芜湖奇瑞', contact_name: '周敏', mobile: '13955301234' });
  await page.getByRole('textbox', { name: /^客户名称/ }).fill('奇瑞汽车');
  await page.getByRole('textbox', { name: '电话', exact: true }).fill('139 5530 1234');
  const alike = page.getByRole('status').filter({ hasText: '可能已经有了' });
  await alike.getByRole('link', { name: '芜湖奇瑞' }).waitFor();
  await alike.getByText('线索', { exact: true }).waitFor();
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '放弃修改' }).click();
  await page.waitForURL('**/crm/customer');
  assert.deepEqual(complaints(page), []);
});

test('what can be done with a record as it stands is a button in its head', async () => {
  const lead = await api.create('crm.lead', { name: '周敏', company: '苏州博远精密', mobile: '13812340001' });
  await page.goto(`${server.url}/crm/lead/${lead.id}`);
  await page.getByRole('button', { name: '转为客户' }).waitFor();
  assert.deepEqual(complaints(page), []);
});
