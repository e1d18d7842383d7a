// A seller's day: what is due and what colleagues gave stands on the first page
// and behind the bell; a lead is called and becomes a customer in one step, and
// what was noted about it is there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, findings, open, settled } from './browser.mjs';
import { arrive } from './ready.mjs';
import { Api, admin } from './server.mjs';

let server;
let browser;
let page;
let api;
let state;
let leave;

before(async () => {
  ({ server, browser, page, api, state, leave } = await arrive());
});

after(() => leave?.());

async function menu() {
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menu').waitFor();
}

test('a lead becomes a customer in one step and brings its notes along', async () => {
  const lead = await api.create('crm.lead', {
    company: '常州天合精密机械有限公司',
    contact_name: '钟佳怡',
    mobile: '13961201188',
  });
  await api.create('crm.follow_up', {
    about: `crm.lead:${lead.id}`,
    kind: 'call',
    content: '本周内部讨论预算',
  });
  await page.goto(`${server.url}/crm/lead/${lead.id}`);
  await page.getByText('已联系').first().waitFor();
  await menu();
  assert.equal(
    await page.getByRole('menuitem', { name: '重新跟进' }).count(),
    0,
    'what its state does not allow is not offered',
  );
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '转为客户', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '转为客户' }).click();
  await page.getByText('已转客户').first().waitFor();
  await settled(page);
  const { items } = await api.send('GET', 'records/crm.customer?fields=name,contact_count');
  assert.deepEqual(
    items.map(({ name, contact_count }) => [name, contact_count]),
    [['常州天合精密机械有限公司', 1]],
  );
  await page.goto(`${server.url}/crm/customer/${items[0].id}`);
  await page.getByText('本周内部讨论预算').first().waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

test('a similar customer is asked about first, and nothing has happened until then', async () => {
  const lead = await api.create('crm.lead', {
    company: '常州天合精密机械股份有限公司',
    contact_name: '何平',
  });
  await page.goto(`${server.url}/crm/lead/${lead.id}`);
  await page.getByText('新线索').first().waitFor();
  await page.getByRole('button', { name: '转为客户', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '转为客户' }).click();
  await dialog.getByText('已有相似的客户', { exact: false }).first().waitFor();
  assert.equal((await api.send('GET', `records/crm.lead/${lead.id}`)).status, 'new');
});

test('what a colleague gives rings the bell at once, and leads there without a mouse', async () => {
  const { me } = await api.send('GET', 'session');
  const seller = await api.send('POST', 'records/org.member', {
    name: '王芳',
    login: 'wangfang',
    admin: true,
  });
  const { token } = await api.send('POST', `members/${seller.id}/link`);
  const other = new Api(server.url);
  await other.send('POST', 'session/link', { token, password: admin.password });
  const live = page.waitForResponse('**/api/v1/events');
  await page.goto(`${server.url}/today`);
  await live;
  await page.getByRole('heading', { name: /李明，/ }).waitFor();
  const due = new Date(Date.now() - 7_200_000).toISOString();
  await other.create('work.task', { title: '准备样品', assignee: me.id, due_at: due });
  await page.getByRole('button', { name: '提醒：1 条未处理' }).waitFor();
  await page.getByRole('link', { name: /准备样品.*已过期/ }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  const list = page.getByRole('dialog', { name: '提醒' });
  await list.getByText('王芳 把任务“准备样品”交给了您').waitFor();
  // Done with by mistake: it is back at once.
  await list.getByRole('button', { name: /^知道了：王芳/ }).click();
  await list.getByText('没有未处理的提醒').waitFor();
  await page.getByRole('button', { name: '撤销' }).click();
  await list.getByRole('button', { name: /^王芳 把任务/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: '准备样品' }).waitFor();
  await page.getByRole('button', { name: '提醒', exact: true }).waitFor();
});

const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('on a phone: a customer is found by pinyin, called, visited with a photo, and is due on the next date', async () => {
  const name = '苏州博隆机械有限公司';
  const { id } = await api.create('crm.customer', { name, phone: '0512-6439 1639' });
  const phone = await open(browser, { width: 390, state });
  const button = (word) => phone.getByRole('button', { name: word, exact: true });
  await phone.goto(`${server.url}/today`);
  await button('搜索').tap();
  await phone.getByRole('searchbox', { name: '搜索' }).pressSequentially('szbl');
  await phone.getByRole('menuitem', { name: new RegExp(name) }).tap();
  await phone.getByRole('heading', { level: 1, name }).waitFor();
  assert.equal(
    await phone.getByRole('link', { name: '打电话' }).getAttribute('href'),
    'tel:051264391639',
    'it is called with one tap',
  );

  await phone.getByRole('link', { name: '写跟进记录' }).tap();
  await phone.getByRole('button', { name: /跟进方式/ }).tap();
  await phone.getByRole('option', { name: '上门拜访', exact: true }).tap();
  await phone.getByRole('textbox', { name: /跟进内容/ }).fill('看了车间，要两台样机');
  const chosen = phone.waitForEvent('filechooser');
  await button('拍照').tap();
  await (await chosen).setFiles({ name: '车间.png', mimeType: 'image/png', buffer: photo });
  await phone.getByText('车间.png').first().waitFor();
  await phone.getByRole('textbox', { name: /下次跟进日期/ }).tap();
  const days = phone.getByRole('dialog', { name: '下次跟进日期' });
  await days.getByRole('button', { name: '今天', exact: true }).tap();
  await days.waitFor({ state: 'detached' });
  assert.deepEqual(await findings(phone), []);
  await button('保存').tap();
  await phone.getByRole('article').getByText('看了车间，要两台样机').waitFor();
  await button('查看 车间.png').waitFor();

  const visit = (await api.send('GET', 'records/crm.follow_up?fields=kind,attachments,customer&sort=-id'))
    .items[0];
  assert.deepEqual([visit.kind, visit.attachments.length, visit.customer.id], ['visit', 1, id]);
  await phone.getByRole('link', { name: '今天' }).tap();
  await phone.getByRole('link', { name: `${name} 今天` }).waitFor();
  assert.deepEqual(await findings(phone), []);
  assert.deepEqual(complaints(phone, 401), []);
  await phone.context().close();
});
