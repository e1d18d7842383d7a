// Detail lines as people fill them in: by the keyboard alone, pasted from Excel,
// two people at once, and on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, findings, open, settled } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let page;
let api;
let leave;
let browser;
let customer;

before(async () => {
  ({ server, page, api, leave, browser } = await arrive());
  const column = (key, type, zh, more = {}) =>
    api.send('POST', 'customize/entities/crm.customer_address/fields', {
      key,
      type,
      label: { 'zh-CN': zh, en: key },
      ...more,
    });
  await column('fee', 'money', '运费');
  await column('level', 'choice', '等级', {
    settings: {
      options: [
        { code: 'a', label: { 'zh-CN': '重要' } },
        { code: 'b', label: { 'zh-CN': '一般' } },
      ],
    },
  });
  await column('keeper', 'member', '经办人');
  customer = await api.create('crm.customer', {
    name: '宁波舟山港集团有限公司',
    addresses: [
      { consignee: '张三', address: '一号码头' },
      { consignee: '李四', address: '二号码头' },
    ],
  });
  await page.goto(`${server.url}/crm/customer/${customer.id}/edit`);
  await grid().waitFor();
});

after(() => leave?.());

const grid = () => page.getByRole('grid', { name: /收货地址/ });
const cell = (row, column) => grid().locator(`[data-spot="${row}.${column}"]`);
const save = () => page.getByRole('button', { name: '保存', exact: true }).click();
const stored = async () => (await api.send('GET', `records/crm.customer/${customer.id}`)).addresses;

/** Pastes a text as a spreadsheet puts it on the clipboard. */
const paste = (text) =>
  page.evaluate((copied) => {
    const data = new DataTransfer();
    data.setData('text/plain', copied);
    document.activeElement.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);

test('lines are written by the keyboard alone', async () => {
  await cell(0, 0).click();
  const keys = async (...list) => {
    for (const key of list) await page.keyboard.press(key);
  };
  await page.keyboard.type('王五');
  await keys('Escape');
  assert.equal(await cell(0, 0).locator('input').inputValue(), '张三', 'Esc takes back what was typed');
  await page.keyboard.type('王五');
  await keys('Enter');
  assert.equal(await cell(1, 0).locator('input').inputValue(), '李四', 'Enter goes down');
  await keys('ArrowDown');
  await page.keyboard.type('赵六');
  await keys('Tab', 'Tab', 'Tab');
  await page.keyboard.type('三号码头');
  await keys('Enter');
  assert.match((await cell(2, 3).textContent()) ?? '', /三号码头/);
  // The new line goes to the top, and comes back by a copy of the one below it.
  await keys('ArrowUp', 'Alt+ArrowUp', 'Alt+ArrowUp');
  assert.match((await cell(0, 0).textContent()) ?? '', /赵六/);
  await keys('ArrowDown', 'Control+Shift+KeyD');
  assert.equal(await grid().locator('[data-line]').count(), 5, 'four lines and the new one');
  await keys('Control+Delete');
  // Typing opens a choice with what was typed, Enter takes the first that is found.
  await cell(0, 9).click();
  await page.keyboard.type('lim');
  assert.equal(await page.getByRole('combobox', { name: /经办人/ }).inputValue(), 'lim');
  await keys('Enter');
  await cell(0, 9).getByText('李明').waitFor();
  await save();
  await page.waitForURL(/\/crm\/customer\/[^/]+$/);
  assert.deepEqual(
    (await stored()).map((line) => [line.consignee, line.address]),
    [
      ['赵六', '三号码头'],
      ['王五', '一号码头'],
      ['李四', '二号码头'],
    ],
  );
});

test('a name is composed in the cell that searches for it', async () => {
  await page.goto(`${server.url}/crm/customer/${customer.id}/edit`);
  await cell(1, 9).click();
  const ime = await page.context().newCDPSession(page);
  await ime.send('Input.imeSetComposition', { text: 'li ming', selectionStart: 7, selectionEnd: 7 });
  await ime.send('Input.insertText', { text: '李明' });
  await page.getByRole('option', { name: /李明/ }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: /经办人/ }).inputValue(), '李明');
  await page.keyboard.press('Enter');
  await cell(1, 9).getByText('李明').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.goto(`${server.url}/crm/customer/${customer.id}`);
});

test('the record shows its lines, and its history what became of them', async () => {
  await page.getByText('收货地址：新增了“赵六”').waitFor();
  await page.getByRole('link', { name: /^收货地址/ }).click();
  await page.getByRole('table', { name: '收货地址' }).or(page.getByText('三号码头')).first().waitFor();
  assert.equal(await page.getByText('三号码头').count(), 1);
  assert.deepEqual(await findings(page), []);
});

test('a block from Excel becomes lines, its names are found, what is unknown is told', async () => {
  await page.getByRole('link', { name: '编辑' }).first().click();
  await grid().waitFor();
  await cell(3, 0).click();
  await paste(
    '孙七\t138 0013 8000\t上海市徐汇区\t"淮海中路\n1号"\t200030\t是\t"说""急"""\t¥1,200.50\t重要\t李明\r\n' +
      '周八\t\t火星\t四号\t\t否\t\t8\t没有\t李明\r\n',
  );
  await cell(4, 9).getByText('李明').waitFor();
  await save();
  const alert = page.getByRole('alert');
  await alert.getByText('收货地址 第 5 行 省市区').waitFor();
  assert.equal(await alert.getByRole('listitem').count(), 2);
  assert.equal(await cell(4, 2).getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await findings(page), []);
  await alert.getByRole('button', { name: /等级/ }).click();
  await page.keyboard.press('Delete');
  await cell(4, 2).click();
  await page.keyboard.press('Delete');
  await save();
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
  const lines = await stored();
  const { consignee, phone, region, address, is_default, remark, fee, level, keeper } = lines[3];
  assert.deepEqual(
    [consignee, phone, region, address, is_default, remark, fee, level, keeper.label],
    ['孙七', '138 0013 8000', '310104', '淮海中路 1号', true, '说"急"', '1200.50', 'a', '李明'],
  );
  assert.equal(lines[4].consignee, '周八');
});

test('a line that two people changed is asked about, the others are merged', async () => {
  await page.goto(`${server.url}/crm/customer/${customer.id}/edit`);
  await cell(0, 3).click();
  await page.keyboard.type('我的码头');
  await page.keyboard.press('Enter');
  const now = await api.send('GET', `records/crm.customer/${customer.id}`);
  const rest = now.addresses.map(({ id }) => ({ id }));
  rest[0].address = '他的码头';
  rest[1].address = '他的另一处';
  await api.send(
    'PATCH',
    `records/crm.customer/${customer.id}`,
    { addresses: rest },
    { 'If-Match': `"v${now.version}"` },
  );
  await save();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/他的码头/).waitFor();
  assert.equal(await dialog.getByRole('radiogroup').count(), 1);
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
  const lines = await stored();
  assert.deepEqual([lines[0].address, lines[1].address, lines.length], ['我的码头', '他的另一处', 5]);
});

test('on a phone a line is a card, filled in on a sheet', async () => {
  const phone = await open(browser, { width: 390, state: await page.context().storageState() });
  await phone.goto(`${server.url}/crm/customer/${customer.id}/edit`);
  // The editors above come one after another: until they are there the button still moves.
  await phone.getByRole('button', { name: /一号码头|我的码头/ }).waitFor();
  await settled(phone);
  await phone.getByRole('button', { name: '添加一行' }).first().click();
  const sheet = phone.getByRole('dialog', { name: '第 6 行' });
  await sheet.getByRole('textbox', { name: /收货人/ }).fill('吴九');
  await sheet.getByRole('textbox', { name: /详细地址/ }).fill('五号');
  assert.deepEqual(await findings(phone), []);
  await sheet.getByRole('button', { name: '完成' }).click();
  await phone.getByRole('button', { name: /吴九/ }).waitFor();
  await phone.getByRole('button', { name: '保存', exact: true }).click();
  await phone.waitForURL((url) => !url.pathname.endsWith('/edit'));
  assert.equal((await stored())[5].consignee, '吴九');
  assert.deepEqual(complaints(phone), []);
  await phone.context().close();
});

test('nothing was complained about', () => {
  assert.deepEqual(complaints(page, 412), []);
});
