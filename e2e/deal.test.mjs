// From a customer's need to a contract, as the company's people do it: the seller
// moves the deal over the board and quotes, the manager approves what is below the
// limit, what it cost is kept from the seller; once more on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, open, settled } from './browser.mjs';
import { arrive, stateOf } from './ready.mjs';
import { Api, admin } from './server.mjs';

let server;
let browser;
let api;
let leave;
let seller;
let manager;
let customer;
let quote;

/** A member of a starting role in a department, and his window. */
async function colleague(name, login, role, dept) {
  const { items } = await api.send(
    'GET',
    `records/org.role?filter=${encodeURIComponent(`code == "${role}"`)}`,
  );
  const made = await api.create('org.member', { name, login, roles: [items[0].id], departments: [dept] });
  const { token } = await api.send('POST', `members/${made.id}/link`);
  const own = new Api(server.url);
  await own.send('POST', 'session/link', { token, password: admin.password });
  const page = await open(browser, { state: stateOf(own.cookie) });
  return { id: made.id, api: own, page };
}

before(async () => {
  let page;
  ({ server, browser, page, api, leave } = await arrive());
  await page.close();
  const dept = await api.create('org.department', { name: '销售部' });
  [seller, manager] = [
    await colleague('赵敏', 'zhaomin', 'sales', dept.id),
    await colleague('孙立', 'sunli', 'sales_manager', dept.id),
  ];
  await api.create('catalog.product', {
    name: '数控机床',
    code: 'CK6140',
    spec: 'CK6140',
    price: '128000',
    cost: '90000',
    tax_rate: '13',
    max_discount: '10',
  });
  customer = await seller.api.create('crm.customer', { name: '苏州恒远机械有限公司' });
});

after(() => leave?.());

const act = (page, name) => page.getByRole('button', { name, exact: true });
const status = (page, text) => page.locator('[data-fact="status"]').getByText(text, { exact: true });

async function go(page, path) {
  await page.goto(`${server.url}/${path}`);
  await settled(page);
}

test('an opportunity goes over the board, a stage at a time', async () => {
  const { page } = seller;
  await go(page, `sales/opportunity/new?customer=${customer.id}`);
  await page.getByRole('textbox', { name: '商机名称' }).fill('二号车间改造');
  const box = page.getByRole('combobox', { name: '客户' });
  if ((await box.inputValue()) === '') {
    await box.fill('恒远');
    await page.getByRole('option', { name: /苏州恒远/ }).click();
  }
  await page.getByRole('textbox', { name: '预计金额' }).fill('240000');
  await act(page, '保存').click();
  await page.getByRole('heading', { level: 1, name: '二号车间改造' }).waitFor();
  const { items } = await seller.api.send('GET', 'records/sales.opportunity');
  assert.equal(items[0].weighted, '24000.00', 'amount × the win rate of the first stage');
  await go(page, 'sales/opportunity?as=board');
  const card = page.locator('[data-card]', { hasText: '二号车间改造' });
  const to = await page.getByRole('region', { name: '需求确认', exact: true }).boundingBox();
  const from = await card.boundingBox();
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
  await page.mouse.move(to.x + 40, to.y + 160, { steps: 5 });
  await page.mouse.up();
  await page.getByText('“二号车间改造”已移到“需求确认”').waitFor();
  const moved = await seller.api.send('GET', `records/sales.opportunity/${items[0].id}`);
  assert.equal(moved.stage.label, '需求确认');
  assert.equal(moved.win_rate, '30');
  assert.deepEqual(complaints(page), []);
});

test('a quote is written like a paper, reckoned while one types, and held below its limit', async () => {
  const { page } = seller;
  await go(page, 'sales/quote/new');
  await page.getByRole('combobox', { name: '客户' }).fill('恒远');
  await page.getByRole('option', { name: /苏州恒远/ }).click();
  await page.locator('[data-spot="0.0"]').click();
  await page.keyboard.press('Enter');
  await page.keyboard.type('数控');
  await page.getByRole('option', { name: /数控机床/ }).click();
  await page.getByText('¥128,000.00').first().waitFor();
  const grid = page.getByRole('grid');
  await grid.locator('[data-line="0"]').getByText('CK6140').waitFor();
  const heads = await grid.getByRole('columnheader').allTextContents();
  assert.ok(!heads.some((head) => head.includes('成本')), 'the seller sees no cost');
  const at = heads.findIndex((head) => head.startsWith('折扣')) - 1;
  await page.locator(`[data-spot="0.${at}"]`).click();
  await page.keyboard.type('15');
  await page.keyboard.press('Enter');
  await page.getByText('¥108,800.00').first().waitFor();
  await act(page, '保存').click();
  await page.getByRole('heading', { level: 1, name: /^BJ/ }).waitFor();
  quote = page.url().split('/').pop();
  const stored = await seller.api.send('GET', `records/sales.quote/${quote}`);
  assert.equal(stored.total, '108800.00');
  assert.equal('margin_base' in stored, false, 'nor what is earned');
  await act(page, '提交').click();
  await status(page, '待审批').waitFor();
  assert.equal(await act(page, '批准').count(), 0, 'nobody approves his own');
  assert.deepEqual(complaints(page), []);
});

test('the manager sees what it earns and approves; the customer accepts; a contract is made', async () => {
  const { page } = manager;
  await go(page, `sales/quote/${quote}`);
  await page.locator('[data-fact="margin_base"]').getByText('¥6,283.19').waitFor();
  await act(page, '批准').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: '审批意见' }).fill('首单，同意');
  await dialog.getByRole('button', { name: '批准' }).click();
  await status(page, '已批准').waitFor();
  const mine = seller.page;
  await go(mine, `sales/quote/${quote}`);
  await act(mine, '客户接受').click();
  await mine.getByRole('dialog').getByRole('button', { name: '客户接受' }).click();
  await status(mine, '已接受').waitFor();
  const { contract } = await seller.api.send('GET', `records/sales.quote/${quote}`);
  await go(mine, `sales/contract/${contract.id}`);
  await mine.getByText('¥108,800.00').first().waitFor();
  await act(mine, '提交审批').click();
  await status(mine, '待审批').waitFor();
  await manager.api.send(
    'POST',
    `records/sales.contract/${contract.id}/actions/approve`,
    {},
    { 'If-Match': '*' },
  );
  await go(mine, `sales/contract/${contract.id}`);
  await act(mine, '签订生效').click();
  await status(mine, '执行中').waitFor();
  assert.deepEqual([...complaints(page), ...complaints(mine)], []);
});

/** Chooses as a finger does; the driver's own tap scrolls the page first, which closes a list. */
async function chosen(page, name) {
  await page.getByRole('option', { name }).evaluate((one) => one.click());
}

test('the same on a phone: a quote from the customer, with a line', async () => {
  const page = await open(browser, { width: 390, state: await seller.page.context().storageState() });
  await go(page, 'sales/quote/new');
  await page.getByRole('combobox', { name: '客户' }).fill('恒远');
  await chosen(page, /苏州恒远/);
  await act(page, '添加一行').tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('combobox', { name: '产品' }).fill('数控');
  await chosen(page, /数控机床/);
  await sheet.getByRole('button', { name: '完成' }).tap();
  await page.getByText('¥128,000.00').first().waitFor();
  await act(page, '保存').tap();
  await page.getByRole('heading', { level: 1, name: /^BJ/ }).waitFor();
  assert.deepEqual(complaints(page), []);
  await page.close();
});
