// From a lead to the money, as the company's people do it: the seller claims it out
// of the pool, follows up, converts it, moves the deal over the board and quotes,
// the manager approves what is below the limit, the customer's copy is printed, a
// contract made and planned, finance confirms what comes in and sees how old the
// rest is; each sees what is his to see. Once more on a phone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { complaints, findings, open, settled } from './browser.mjs';
import { arrive, stateOf } from './ready.mjs';
import { Api, admin } from './server.mjs';

let server;
let browser;
let api;
let leave;
let seller;
let manager;
let finance;
let customer;
let quote;
let contract;

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
  const books = await api.create('org.department', { name: '财务部' });
  [seller, manager, finance] = [
    await colleague('赵敏', 'zhaomin', 'sales', dept.id),
    await colleague('孙立', 'sunli', 'sales_manager', dept.id),
    await colleague('周琴', 'zhouqin', 'finance', books.id),
  ];
  const pool = await api.create('crm.pool', { name: '线索池', everyone: true });
  const lies = (name, mobile) =>
    api.create('crm.lead', { company: name, contact_name: '冯涛', mobile, owner: null, pool: pool.id });
  await lies('苏州恒远机械有限公司', '13812345678');
  await lies('常熟纺机有限公司', '13912345678');
  await lies('昆山模具有限公司', '13712345678');
  await api.create('catalog.product', {
    name: '数控机床',
    code: 'CK6140',
    spec: 'CK6140',
    price: '128000',
    cost: '90000',
    tax_rate: '13',
    max_discount: '10',
  });
});

after(() => leave?.());

const act = (page, name) => page.getByRole('button', { name, exact: true });
const status = (page, text) => page.locator('[data-fact="status"]').getByText(text, { exact: true });

async function go(page, path) {
  await page.goto(`${server.url}/${path}`);
  await settled(page);
}

/** Takes an action on the record that is shown: by its button, else from the menu. */
async function take(page, name) {
  await act(page, '更多操作').first().waitFor();
  if ((await act(page, name).count()) === 1) return act(page, name).click();
  await act(page, '更多操作').first().click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

/** The same with what it asks for: the dialog as it opens, and its button. */
async function takeWith(page, name, fill) {
  await take(page, name);
  const dialog = page.getByRole('dialog');
  await fill?.(dialog);
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** A record that carries a name, as somebody's API sees it. */
async function named(who, entity, name) {
  const filter = encodeURIComponent(`name == "${name}"`);
  return (await who.api.send('GET', `records/${entity}?filter=${filter}`)).items[0];
}

/** What is read on the paper of the record that is shown, and the fonts in its file. */
async function printed(page, paper) {
  await act(page, '更多操作').first().waitFor();
  // A button where there is room, in the menu on a phone.
  if ((await act(page, '打印…').count()) === 0) {
    await act(page, '更多操作').first().click();
    await page.getByRole('menuitem', { name: '打印…' }).click();
  } else await act(page, '打印…').click();
  await page.locator('[data-page="1"] canvas[data-drawn]').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载 PDF' }).click(),
  ]);
  assert.ok(file.suggestedFilename().startsWith(paper), file.suggestedFilename());
  const path = await file.path();
  const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
  assert.match(run('pdffonts', path), /[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes/);
  await page.keyboard.press('Escape');
  return run('pdftotext', '-layout', path, '-');
}

test('leads lie in the pool masked, are claimed together, followed up and become customers', async () => {
  const { page } = seller;
  await go(page, 'crm/lead?view=pool');
  await page.getByText('138****5678').waitFor();
  for (const one of ['苏州恒远机械有限公司', '常熟纺机有限公司'])
    await page.getByRole('checkbox', { name: new RegExp(one) }).check({ force: true });
  const bar = page.getByRole('region', { name: '批量操作' });
  await bar.getByRole('button', { name: '领取' }).waitFor();
  assert.equal(
    await bar.getByRole('button', { name: '修改字段' }).count(),
    0,
    'what lies masked is not changed',
  );
  assert.deepEqual(await findings(page), []);
  await bar.getByRole('button', { name: '领取' }).click();
  await bar.getByText('已处理 2 条。').waitFor();
  const lead = await named(seller, 'crm.lead', '苏州恒远机械有限公司');
  await go(page, `crm/lead/${lead.id}`);
  await page.getByText('138 1234 5678').or(page.getByText('13812345678')).first().waitFor();
  await page.getByRole('button', { name: '写跟进记录' }).first().click();
  const form = page.getByRole('form', { name: '写跟进记录' });
  await form.getByRole('textbox', { name: /跟进内容/ }).fill('二号车间要换机床，预算已批');
  await form.getByRole('button', { name: '保存' }).click();
  await page.getByRole('article').getByText('二号车间要换机床').waitFor();
  await status(page, '已联系').waitFor();
  await takeWith(page, '转为客户');
  await status(page, '已转客户').waitFor();
  customer = await named(seller, 'crm.customer', '苏州恒远机械有限公司');
  await go(page, `crm/customer/${customer.id}?tab=timeline`);
  await page.getByText('二号车间要换机床').first().waitFor();
  assert.deepEqual(complaints(page), []);
});

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
  for (const stage of ['需求确认', '方案报价', '商务谈判']) {
    const to = await page.getByRole('region', { name: stage, exact: true }).boundingBox();
    const from = await card.boundingBox();
    await page.mouse.move(from.x + 40, from.y + 12);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
    await page.mouse.move(to.x + 40, to.y + 160, { steps: 5 });
    await page.mouse.up();
    await page.getByText(`“二号车间改造”已移到“${stage}”`).waitFor();
  }
  const moved = await seller.api.send('GET', `records/sales.opportunity/${items[0].id}`);
  assert.equal(moved.stage.label, '商务谈判');
  assert.equal(moved.win_rate, '80');
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
  // What is made of a deal is a step away.
  const deals = await seller.api.send('GET', 'records/sales.opportunity?limit=1&fields=id');
  await go(page, `sales/opportunity/${deals.items[0].id}`);
  await act(page, '生成报价单').click();
  await act(page, '查看').click();
  await page.getByRole('link', { name: /^BJ/ }).first().waitFor();
  assert.deepEqual(complaints(page), []);
});

test('the manager sees what it earns and approves; the paper is printed; a contract is made', async () => {
  const { page } = manager;
  await go(page, `sales/quote/${quote}`);
  await page.locator('[data-fact="margin_base"]').getByText('¥6,283.19').waitFor();
  await takeWith(page, '批准', (dialog) =>
    dialog.getByRole('textbox', { name: '审批意见' }).fill('首单，同意'),
  );
  await status(page, '已批准').waitFor();
  const mine = seller.page;
  await go(mine, `sales/quote/${quote}`);
  const paper = await printed(mine, '报价单');
  for (const text of ['苏州恒远机械有限公司', '数控机床', 'CK6140', '108,800.00', '壹拾万捌仟捌佰元整'])
    assert.ok(paper.includes(text), `${text} stands on\n${paper}`);
  assert.doesNotMatch(paper, /90,?000/, 'what it cost does not');
  await takeWith(mine, '客户接受');
  await status(mine, '已接受').waitFor();
  ({ contract } = await seller.api.send('GET', `records/sales.quote/${quote}`));
  await go(mine, `sales/contract/${contract.id}`);
  await mine.getByText('¥108,800.00').first().waitFor();
  await take(mine, '提交审批');
  await status(mine, '待审批').waitFor();
  await go(page, `sales/contract/${contract.id}`);
  await takeWith(page, '批准');
  await go(mine, `sales/contract/${contract.id}`);
  await take(mine, '签订生效');
  await status(mine, '执行中').waitFor();
  assert.deepEqual([...complaints(page), ...complaints(mine)], []);
});

/** How old what a customer owes is, as the report's page says it: what stands under each heading. */
async function ageing(page, name) {
  await go(page, 'reports/finance/instalment/ageing');
  const row = page.getByRole('table').getByRole('row').filter({ hasText: name });
  await row.waitFor();
  const heads = await page.getByRole('table').getByRole('columnheader').allTextContents();
  const cells = await row.getByRole('cell').allTextContents();
  return Object.fromEntries(heads.map((head, n) => [head, cells[n]]));
}

/** Writes a receipt down in a form that knows its contract. */
async function receive(page, of, amount) {
  await go(page, `finance/receipt/new?customer=${of.customer.id}&contract=${of.id}`);
  await page.getByRole('textbox', { name: '回款金额' }).fill(amount);
  await act(page, '保存').click();
  await page.getByRole('heading', { level: 1, name: /^SK/ }).waitFor();
  return page.url().split('/').pop();
}

test('what is due is planned, paid twice, confirmed by finance, and the rest grows old', async () => {
  const { page } = seller;
  await takeWith(page, '制定回款计划');
  await page.locator('[data-fact="receivable_open"]').getByText('¥108,800.00').waitFor();
  const due = (await seller.api.send('GET', 'records/finance.instalment?sort=term')).items;
  assert.deepEqual(
    due.map(({ amount }) => amount),
    ['32640.00', '65280.00', '10880.00'],
  );
  const deal = await seller.api.send('GET', `records/sales.contract/${contract.id}`);
  const paid = [await receive(page, deal, '32640'), await receive(page, deal, '30000')];
  assert.equal(await act(page, '确认到账').count(), 0, 'who sells does not say what has come in');
  const desk = finance.page;
  for (const receipt of paid) {
    await go(desk, `finance/receipt/${receipt}`);
    await take(desk, '确认到账');
    await status(desk, '已到账').waitFor();
    await takeWith(desk, '核销');
    await desk.locator('[data-fact="open"]').getByText('¥0.00').waitFor();
  }
  await go(desk, `sales/contract/${contract.id}`);
  await desk.locator('[data-fact="received"]').getByText('¥62,640.00').waitFor();
  await desk.locator('[data-fact="receivable_open"]').getByText('¥46,160.00').waitFor();
  assert.equal(await act(desk, '编辑').count(), 0, 'finance reads contracts and leaves them alone');
  const row = await ageing(desk, '苏州恒远');
  assert.deepEqual([row.未到期, row.合计], ['¥46,160.00', '¥46,160.00']);
  assert.deepEqual(await ageing(manager.page, '苏州恒远'), row, 'the manager sees his people\u2019s');
  assert.deepEqual(await ageing(page, '苏州恒远'), row, 'and who sold sees his own');
  assert.deepEqual(await findings(desk), []);
  // The figure leads to what it is made of.
  await desk.getByRole('table').getByRole('link', { name: '¥46,160.00' }).first().click();
  await desk.getByRole('link', { name: /^YS/ }).nth(1).waitFor();
  assert.equal(await desk.getByRole('link', { name: /^YS/ }).count(), 2, 'two of three are still open');
  // What an action makes is a step away.
  await go(desk, `crm/customer/${customer.id}`);
  await act(desk, '生成对账单').click();
  await desk.getByRole('dialog').getByRole('button', { name: '生成对账单' }).click();
  await act(desk, '查看').click();
  await desk.getByRole('link', { name: /^DZ/ }).waitFor();
  assert.deepEqual([...complaints(page), ...complaints(manager.page), ...complaints(desk)], []);
});

/** Chooses as a finger does; the driver's own tap scrolls the page first, which closes a list. */
async function chosen(page, name) {
  await page.getByRole('option', { name }).evaluate((one) => one.click());
}

/** Saves what a form on a phone holds, and gives the id of what it made. */
async function saved(page, heading) {
  await act(page, '保存').tap();
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  return page.url().split('/').pop().replace(/\?.*/, '');
}

test('the same on a phone: from the pool to the money', async () => {
  const phoneOf = async ({ page }) =>
    open(browser, { width: 390, state: await page.context().storageState() });
  const [page, boss, desk] = [await phoneOf(seller), await phoneOf(manager), await phoneOf(finance)];
  await go(page, 'crm/lead?view=pool');
  await page.getByRole('link', { name: /昆山模具/ }).tap();
  await act(page, '领取').tap();
  await act(page, '领取').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '写跟进记录' }).tap();
  await page.getByRole('textbox', { name: /跟进内容/ }).fill('要一台机床，月底定');
  await act(page, '保存').tap();
  await page.getByRole('article').getByText('要一台机床').waitFor();
  await takeWith(page, '转为客户');
  await page.getByText('已转客户').first().waitFor();
  const buyer = await named(seller, 'crm.customer', '昆山模具有限公司');

  await go(page, `sales/opportunity/new?customer=${buyer.id}`);
  await page.getByRole('textbox', { name: '商机名称' }).fill('昆山模具添机床');
  await page.getByRole('textbox', { name: '预计金额' }).fill('128000');
  const deal = await saved(page, '昆山模具添机床');
  await go(page, 'sales/opportunity?as=board');
  await page.getByRole('button', { name: '“昆山模具添机床”的操作' }).tap();
  await page.getByRole('menuitem', { name: '移到 方案报价' }).tap();
  await page.getByText('“昆山模具添机床”已移到“方案报价”').waitFor();

  await go(page, `sales/quote/new?customer=${buyer.id}&opportunity=${deal}`);
  await act(page, '添加一行').tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('combobox', { name: '产品' }).fill('数控');
  await chosen(page, /数控机床/);
  await sheet.getByRole('button', { name: '完成' }).tap();
  await page.getByText('¥128,000.00').first().waitFor();
  await page.getByRole('textbox', { name: /^整单优惠/ }).fill('20000');
  const offer = await saved(page, /^BJ/);
  await take(page, '提交');
  await page.getByText('待审批').first().waitFor();
  await go(boss, `sales/quote/${offer}`);
  await takeWith(boss, '批准');
  await go(page, `sales/quote/${offer}`);
  assert.match(await printed(page, '报价单'), /昆山模具有限公司.*108,000\.00/s);
  await takeWith(page, '客户接受');
  await page.getByText('已接受').first().waitFor();
  const { contract: paper } = await seller.api.send('GET', `records/sales.quote/${offer}`);
  await go(page, `sales/contract/${paper.id}`);
  await take(page, '提交审批');
  await page.getByText('待审批').first().waitFor();
  await go(boss, `sales/contract/${paper.id}`);
  await takeWith(boss, '批准');
  await go(page, `sales/contract/${paper.id}`);
  await take(page, '签订生效');
  await page.getByText('执行中').first().waitFor();
  await takeWith(page, '制定回款计划');
  const made = await seller.api.send('GET', `records/sales.contract/${paper.id}`);
  assert.equal(made.receivable_open, made.total);
  for (const amount of ['32400', '64800']) {
    const receipt = await receive(page, made, amount);
    await go(desk, `finance/receipt/${receipt}`);
    await take(desk, '确认到账');
    await desk.getByText('已到账').first().waitFor();
    await takeWith(desk, '核销');
  }
  assert.equal((await ageing(desk, '昆山模具')).合计, '¥10,800.00');
  assert.deepEqual(await findings(desk), []);
  assert.deepEqual([...complaints(page), ...complaints(boss), ...complaints(desk)], []);
});
