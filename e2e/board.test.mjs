// A list as a board: cards moved by the mouse, by keys and by their menu, columns
// that refuse, limits, sums as the API has them; on a phone; in a saved view.
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
  for (const [company, amount] of [
    ['常州轴承厂', '1200.50'],
    ['无锡阀门厂', '800.00'],
    ['宁波港务', '99999999.99'],
  ])
    await api.create('crm.lead', { company, amount });
});

after(() => leave?.());

const column = (name, on = page) => on.getByRole('region', { name, exact: true });
const card = (name, on = page) => on.locator('[data-card]', { hasText: name });
const shown = (on = page) => new URL(on.url()).searchParams;

async function board(path = '/crm/lead?as=board', on = page) {
  await on.goto(server.url + path);
  await on.locator('[data-card], [role="tab"]').first().waitFor();
  await settled(on);
}

/** Drags a card to a column by the mouse; over: what is looked at before it is let go. */
async function drag(name, to, over) {
  const from = await card(name).boundingBox();
  const target = await column(to).boundingBox();
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
  await page.mouse.move(target.x + 40, target.y + 160, { steps: 5 });
  await over?.();
  await page.mouse.up();
}

const stateOf = async (name) =>
  (
    await api.send(
      'GET',
      `records/crm.lead?fields=name,status&filter=${encodeURIComponent(`name == "${name}"`)}`,
    )
  ).items[0].status;

test('the switch shows the same records in columns, with the sums of the API', async () => {
  await page.goto(`${server.url}/crm/lead`);
  await page.locator('[data-row]').first().waitFor();
  await page.getByRole('button', { name: '看板', exact: true }).click();
  await card('常州轴承厂').waitFor();
  assert.equal(shown().get('as'), 'board');
  const { columns } = await api.send('POST', 'records/crm.lead/board', {
    by: 'status',
    measures: ['sum:amount'],
  });
  const names = ['新线索', '已联系', '有意向', '已转客户', '已放弃'];
  for (const [i, name] of names.entries()) {
    const text = await column(name).locator('header').textContent();
    assert.equal(text.replace(/\D/g, ''), String(columns[i].count), name);
  }
  assert.equal(columns[0].totals[0].values[0], '100002000.49');
  await column('新线索').getByText('¥100,002,000.49').waitFor();
  assert.deepEqual(await findings(page), []);
});

test('a card dragged where an action leads takes it, and goes back within six seconds', async () => {
  await board();
  await drag('无锡阀门厂', '已联系');
  await page.getByText('“无锡阀门厂”已移到“已联系”').waitFor();
  await card('无锡阀门厂').and(column('已联系').locator('[data-card]')).waitFor();
  assert.equal(await stateOf('无锡阀门厂'), 'contacted');
  await page.getByRole('button', { name: '撤销' }).click();
  await card('无锡阀门厂').and(column('新线索').locator('[data-card]')).waitFor();
  assert.equal(await stateOf('无锡阀门厂'), 'new');
});

test('what an action must know is asked first; where none leads the column says why', async () => {
  await board();
  await drag('无锡阀门厂', '已放弃');
  const dialog = page.getByRole('dialog', { name: '放弃' });
  await dialog.waitFor();
  assert.equal(await stateOf('无锡阀门厂'), 'new');
  await dialog.getByRole('button', { name: /原因/ }).click();
  await page.getByRole('option', { name: '没有预算' }).click();
  await dialog.getByRole('button', { name: '放弃', exact: true }).click();
  await page.getByText('“无锡阀门厂”已移到“已放弃”').waitFor();
  assert.equal(await stateOf('无锡阀门厂'), 'discarded');
  await card('无锡阀门厂').and(column('已放弃').locator('[data-card]')).waitFor();
  await drag('无锡阀门厂', '有意向', () =>
    column('有意向').getByText('“已放弃”不能直接变为“有意向”').waitFor(),
  );
  assert.equal(await stateOf('无锡阀门厂'), 'discarded');
});

test('without a mouse: arrows, the menu, carrying a card', async () => {
  await board();
  await card('宁波港务').locator('a').focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /常州轴承厂/);
  await page.keyboard.press('m');
  await page.getByRole('menu').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByRole('menuitem', { name: '移到 有意向' }).press('Enter');
  await page.getByText('“常州轴承厂”已移到“有意向”').waitFor();
  assert.equal(await stateOf('常州轴承厂'), 'qualified');
  await card('宁波港务').locator('a').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByRole('status').getByText('“宁波港务”移到“已联系”').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await stateOf('宁波港务'), 'new');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByText('“宁波港务”已移到“已联系”').waitFor();
  assert.equal(await stateOf('宁波港务'), 'contacted');
});

test('a plain field is changed under the version that was seen; a view keeps board, field and limits', async () => {
  await board('/crm/customer?as=board&by=level');
  const name = '佛山市顺德区美的电器';
  const { items } = await api.send(
    'GET',
    `records/crm.customer?fields=name&filter=${encodeURIComponent(`name == "${name}"`)}`,
  );
  await api.send(
    'PATCH',
    `records/crm.customer/${items[0].id}`,
    { level: 'd' },
    { 'If-Match': `"v${items[0].version}"` },
  );
  // The page has not heard of it when the card is let go, or it has: either way nothing of another is lost.
  await card(name).and(column('D 级（小客户）').locator('[data-card]')).waitFor();
  await drag(name, 'B 级（重要）');
  await page.getByText(`“${name}”已移到“B 级（重要）”`).waitFor();
  await column('B 级（重要）')
    .getByRole('button', { name: /列的菜单/ })
    .click();
  await page.getByRole('menuitem', { name: '设置张数上限…' }).click();
  await page.getByRole('textbox', { name: '张数上限' }).fill('2');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await column('B 级（重要）').getByText('超过上限').waitFor();
  assert.equal(shown().get('limits'), 'b:2');
  await page.getByRole('button', { name: '另存为新视图' }).first().click();
  await page.getByRole('textbox', { name: /名称/ }).fill('按级别');
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/view=/);
  assert.equal(shown().get('as'), null);
  await column('B 级（重要）').getByText('超过上限').waitFor();
  const [view] = (await api.send('GET', 'views?entity=crm.customer')).items;
  assert.deepEqual([view.kind, view.field, view.limits], ['board', 'level', { b: 2 }]);
  assert.deepEqual(complaints(page, 412), []);
});

test('on a phone the columns are tabs, and cards move by their menu', async () => {
  const phone = await open(browser, { width: 390, state });
  await board('/crm/lead?as=board', phone);
  await phone.getByRole('tab', { name: /已联系/ }).click();
  await card('宁波港务', phone).waitFor();
  assert.equal(shown(phone).get('column'), 'contacted');
  assert.deepEqual(await findings(phone), []);
  await phone.getByRole('button', { name: '“宁波港务”的操作' }).click();
  await phone.getByRole('menuitem', { name: '移到 有意向' }).click();
  await phone.getByText('“宁波港务”已移到“有意向”').waitFor();
  assert.equal(await stateOf('宁波港务'), 'qualified');
  assert.deepEqual(complaints(phone), []);
  await phone.context().close();
});

test('the stages of a pipeline are columns; what a stage asks is asked before it is entered', async () => {
  const customer = (await api.send('GET', 'records/crm.customer?limit=1&fields=name')).items[0].id;
  await api.create('sales.opportunity', { name: '伺服电机年度采购', customer, amount: '120000.00' });
  await board('/sales/opportunity?as=board');
  const stages = (await api.send('GET', 'records/sales.stage?fields=name,kind&sort=order')).items;
  const heads = await page.locator('[data-column] h2').allTextContents();
  assert.deepEqual(
    heads.map((one) => one.replace(/\d+$/, '')),
    stages.map((one) => one.name),
  );
  const [first, second] = stages;
  await drag('伺服电机年度采购', second.name);
  await page.getByText(`“伺服电机年度采购”已移到“${second.name}”`).waitFor();
  await column(first.name).getByText('没有记录').waitFor();
  await card('伺服电机年度采购').locator('a').focus();
  await page.keyboard.press('m');
  const lost = stages.find((one) => one.kind === 'lost').name;
  await page.getByRole('menuitem', { name: `移到 ${lost}` }).press('Enter');
  const dialog = page.getByRole('dialog', { name: `移到“${lost}”前请补充` });
  await dialog.getByRole('button', { name: /原因/ }).click();
  await page.getByRole('option').first().click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText(`“伺服电机年度采购”已移到“${lost}”`).waitFor();
  const [after] = (await api.send('GET', 'records/sales.opportunity?fields=state,loss_reason')).items;
  assert.deepEqual([after.state, Boolean(after.loss_reason)], ['lost', true]);
});

test('rows in groups have the sums of the API', async () => {
  await page.goto(`${server.url}/crm/customer?group=status`);
  const head = page.getByRole('button', { name: /成交/, expanded: false });
  await head.waitFor();
  const { rows } = await api.send('POST', 'records/crm.customer/aggregate', {
    group: ['status'],
    measures: ['count', 'sum:amount'],
  });
  const [, count, sum] = rows.find(([code]) => code === 'won');
  const text = (await head.textContent()).replaceAll(',', '');
  assert.ok(text.includes(`成交${count}`) && text.includes(`¥${sum}`), `${text}: ${count}, ${sum}`);
  await head.click();
  await page
    .locator('[data-row]')
    .nth(count - 1)
    .waitFor();
  assert.equal(await page.locator('[data-row]').count(), count);
  assert.deepEqual(await findings(page), []);
});

test('in a calendar a record goes to another day and keeps its time', async () => {
  const me = (await api.send('GET', 'session')).me.id;
  const made = await api.create('work.task', {
    title: '送样到无锡',
    assignee: me,
    due_at: '2027-03-09T02:30:00Z',
  });
  const due = async () => (await api.send('GET', `records/work.task/${made.id}`)).due_at;
  const tasks = 'work/task?as=calendar&view=all&at=2027-03-01';
  await page.goto(`${server.url}/${tasks}`);
  const event = page.locator('[data-event]', { hasText: '送样到无锡' });
  await event.waitFor();
  assert.match(await event.textContent(), /10:30/);
  const from = await event.boundingBox();
  const to = await page.locator('[data-column="2027-03-18"]').boundingBox();
  await page.mouse.move(from.x + 20, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 30, { steps: 3 });
  await page.mouse.move(to.x + 40, to.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.getByText(/“送样到无锡”已移到/).waitFor();
  assert.equal(await due(), '2027-03-18T02:30:00Z');
  await page.locator('[data-column="2027-03-18"] [data-event]').focus();
  // The calendar shows it in its new place before it is saved there.
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok());
  await page.keyboard.press('Shift+ArrowUp');
  await page.locator('[data-column="2027-03-11"] [data-event]').waitFor();
  await saved;
  await page.waitForFunction(() => !document.querySelector('[data-column="2027-03-18"] [data-event]'));
  assert.equal(await due(), '2027-03-11T02:30:00Z');
  assert.deepEqual(await findings(page), []);
  await page.getByRole('radio', { name: '周' }).check({ force: true });
  await page.waitForURL(/span=week/);
  assert.deepEqual(complaints(page, 412, 422), []);
});
