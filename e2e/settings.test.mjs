// An administrator makes the system the company's own, by hand in the page:
// people come in by links, roles and fields are at work at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, open, saving } from './browser.mjs';
import { arrive } from './ready.mjs';
import { Api, admin } from './server.mjs';

let server;
let browser;
let page;
let api;
let leave;

before(async () => {
  ({ server, browser, page, api, leave } = await arrive());
});

after(() => leave?.());

const button = (name, within = page) => within.getByRole('button', { name, exact: true });
const field = (name, within = page) => within.getByRole('textbox', { name, exact: true });

const save = () => saving(page, () => button('保存').click());

async function choose(label, option, within = page) {
  await within.getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('departments are made, moved and ordered', async () => {
  await page.goto(`${server.url}/settings/departments`);
  for (const name of ['销售部', '华东组', '财务部']) {
    await button('新建部门').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /部门名称/ }).fill(name);
    await button('创建', dialog).click();
    await button(name).waitFor();
  }
  await button('华东组：更多操作').click();
  await page.getByRole('menuitem', { name: '移动到…' }).click();
  const dialog = page.getByRole('dialog');
  await choose(/上级部门/, '销售部', dialog);
  await button('移动', dialog).click();
  await button('收起销售部').waitFor();
  const { items } = await api.send('GET', 'records/org.department?fields=name,parent');
  assert.equal(items.find((row) => row.name === '华东组').parent.label, '销售部');
  assert.deepEqual(complaints(page, 401), []);
});

let invitation;

test('a role and a field made by hand in under two minutes', async () => {
  const began = Date.now();
  // A role that sees its own customers, and no telephone in clear.
  await page.goto(`${server.url}/settings/roles`);
  await button('新建角色').click();
  let dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /角色名称/ }).fill('渠道专员');
  await button('创建', dialog).click();
  await page.waitForURL('**/settings/roles/*');
  for (const operation of ['查看', '新建', '修改', '导入']) {
    await page.getByRole('button', { name: `客户 · ${operation}：—`, exact: true }).click();
    await button('本人', page.getByRole('dialog')).click();
    await page.getByRole('button', { name: `客户 · ${operation}：本人`, exact: true }).waitFor();
  }
  await page.getByRole('tab', { name: '字段权限' }).click();
  await button('掩码', page.getByRole('group', { name: '电话的权限', exact: true })).click();
  await button('保存').click();
  await page.getByText('已保存，立即生效').first().waitFor();

  // A field of every customer, with options.
  await page.goto(`${server.url}/settings/customize/crm/customer`);
  await button('新建字段').click();
  dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^中文名称/ }).fill('渠道');
  await field('英文名称', dialog).fill('Channel');
  await choose(/类型/, '选项', dialog);
  for (const [n, name] of ['展会', '转介绍'].entries()) {
    await button('添加选项', dialog).click();
    await dialog.getByRole('textbox', { name: `选项 ${n + 1} 中文名称` }).fill(name);
  }
  await button('创建', dialog).click();
  await button('渠道').waitFor();
  const took = Date.now() - began;
  assert.ok(took < 120_000, `it took ${took} ms`);

  // A member with the role.
  await page.goto(`${server.url}/settings/members`);
  await button('添加成员').click();
  dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^姓名/ }).fill('王芳');
  await field('登录名', dialog).fill('wangfang');
  await choose(/部门/, '华东组', dialog);
  await dialog.getByRole('button', { name: /角色/ }).click();
  await page.getByRole('option', { name: '渠道专员', exact: true }).click();
  await page.keyboard.press('Escape');
  await button('创建并生成邀请链接', dialog).click();
  const links = page.getByRole('dialog', { name: '登录链接' });
  invitation = await links.locator('output').textContent();
  await button('完成', links).click();
  await page.getByRole('region', { name: '成员' }).getByText('已邀请', { exact: true }).waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

test('the invited member sets a password, and role and field are at work', async () => {
  const hers = await open(browser);
  await hers.goto(invitation);
  await hers.getByRole('heading', { name: '王芳，您好' }).waitFor();
  const password = '小桥流水 人家 2077';
  await field('新密码', hers).fill(password);
  await field('再输一次', hers).fill(password);
  await button('设置密码并登录', hers).click();
  await hers.waitForURL('**/today');
  assert.equal(await hers.getByRole('link', { name: '联系人' }).count(), 0);
  // The form has the field with its options; the list its column; the API both.
  await hers.goto(`${server.url}/crm/customer/new`);
  await hers
    .getByRole('textbox', { name: /^(客户)?名称/ })
    .first()
    .fill('杭州云栖贸易');
  await hers.getByRole('button', { name: /渠道/ }).click();
  await hers.getByRole('option', { name: '展会', exact: true }).click();
  await button('保存', hers).click();
  await hers.waitForURL(/crm\/customer\/[0-9A-Z]{13}/);
  await hers.getByText('展会').first().waitFor();
  await hers.goto(`${server.url}/crm/customer`);
  await hers.getByText('杭州云栖贸易').first().waitFor();
  await hers.goto(`${server.url}/crm/customer/import`);
  await hers.locator('input[type="file"]').setInputFiles({
    name: '客户.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('客户名称,渠道\n南京甲公司,转介绍\n'),
  });
  await hers.locator('main table tr').filter({ hasText: '渠道' }).first().waitFor();
  const { items } = await api.send('GET', 'records/crm.customer?fields=name,channel,owner');
  assert.deepEqual(
    items.map((row) => [row.name, row.channel, row.owner.label]),
    [['杭州云栖贸易', 'option_1', '王芳']],
  );
  assert.deepEqual(complaints(hers, 401), []);
  await hers.context().close();
});

test('a dictionary is kept in one place: an option is added, renamed, merged into another, and the merge taken back', async () => {
  await api.create('crm.customer', { name: '常州天合精密', source: 'ads' });
  await api.create('crm.lead', { company: '无锡先导', contact_name: '钱进', source: 'ads' });
  await page.goto(`${server.url}/settings/dictionaries`);
  await page.getByRole('link', { name: /^客户来源/ }).click();
  const row = (name) =>
    page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `${name}的颜色` }) });
  await row('广告').getByRole('link', { name: '2 条记录' }).waitFor();
  await button('添加选项').click();
  await page.getByRole('textbox', { name: /^选项 7 中文名称/ }).fill('抖音');
  await page.getByRole('textbox', { name: /^选项 1 中文名称/ }).fill('官网');
  // Somebody else adds one meanwhile: both stay.
  const path = 'customize/entities/crm.customer/fields/source';
  const shown = (one) => ({ code: one.code, label: one.label });
  const { options } = await api.send('GET', `${path}/options`);
  const theirs = { code: 'tv', label: { 'zh-CN': '电视', en: 'TV' } };
  await api.send('PATCH', path, { settings: { options: [...options.map(shown), theirs] } });
  await save();
  await page.getByText('已保存，立即生效').first().waitFor();
  const names = async () =>
    (await api.send('GET', `${path}/options`)).options.map((one) => one.label['zh-CN']);
  assert.deepEqual(
    (await names()).sort(),
    ['抖音', '电视', '官网', '电话', '展会', '转介绍', '广告', '合作伙伴'].sort(),
  );
  // A lead of that source can be written at once: the dictionary is theirs too.
  await api.create('crm.lead', { company: '南通振康', contact_name: '孙立', source: '抖音' });

  await button('广告：更多操作').click();
  await page.getByRole('menuitem', { name: '合并到…' }).click();
  const dialog = page.getByRole('dialog');
  await choose(/合并到/, '抖音', dialog);
  await button('合并', dialog).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('已并入 抖音').waitFor();
  const held = async (code) =>
    (await api.send('GET', `${path}/options`)).options.find((one) => one.label['zh-CN'] === code).live;
  assert.deepEqual([await held('抖音'), await held('广告')], [3, 0]);
  await button('撤销').click();
  await page.getByText('已撤销“广告”的合并').waitFor();
  assert.deepEqual([await held('抖音'), await held('广告')], [1, 2]);
  assert.deepEqual(complaints(page, 401, 412), []);
  page.complaints = [];
});

test('columns and form groups of an entity are put in another order', async () => {
  await page.goto(`${server.url}/settings/customize/crm/customer`);
  await page.getByRole('tab', { name: '列表与卡片' }).click();
  const columns = page.getByRole('region', { name: '列表的列' });
  const first = await columns.getByRole('listitem').first().textContent();
  await columns
    .getByRole('listitem')
    .nth(1)
    .getByRole('button', { name: /更多操作/ })
    .click();
  await page.getByRole('menuitem', { name: '上移' }).click();
  assert.notEqual(await columns.getByRole('listitem').first().textContent(), first);
  await page.getByRole('tab', { name: '表单布局' }).click();
  await button('添加分组').click();
  await save();
  await page.getByText('已保存，立即生效').first().waitFor();
  const { layout } = (await api.send('GET', 'meta')).entities['crm.customer'];
  assert.notEqual(layout.list[0], 'name');
  const definition = await api.send('GET', 'customize/entities/crm.customer');
  assert.ok(definition.groups.some((group) => group.label['zh-CN'] === '新分组'));
  assert.deepEqual(complaints(page, 401), []);
});

test('what two administrators change of the company is brought together, or both sides are shown', async () => {
  await page.goto(`${server.url}/settings/company`);
  await field('简称').fill('恒远');
  await api.send('PATCH', 'settings', { phone: '021-5555 0001' });
  await save();
  await page.getByText('已保存').first().waitFor();
  assert.equal(await field('电话').inputValue(), '021-5555 0001');
  await page.getByRole('navigation').getByText('恒远', { exact: true }).waitFor();

  await field('电话').fill('021-5555 0002');
  await api.send('PATCH', 'settings', { phone: '021-5555 0003' });
  await button('保存').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('对方：021-5555 0003').waitFor();
  await dialog.getByText('我的：021-5555 0002').waitFor();
  await button('保存所选', dialog).click();
  await dialog.waitFor({ state: 'detached' });
  const { phone, short_name } = await api.send('GET', 'settings');
  assert.deepEqual([phone, short_name], ['021-5555 0002', '恒远']);
  assert.deepEqual(complaints(page, 401, 412), []);
  page.complaints = [];
});

test('what is not saved is not left without a question; accounts are read as they are typed', async () => {
  await page.goto(`${server.url}/settings/company`);
  await button('添加账户').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^开户银行/ }).fill('招商银行');
  const number = dialog.getByRole('textbox', { name: /^账号/ });
  await number.fill('一二三');
  await number.press('Tab');
  await dialog.getByText('应为 4 到 40 位数字或字母').waitFor();
  await number.fill('１２１９０８７６５４３２１００');
  await number.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  // Nothing is saved by the dialog; the only account is the one that papers print.
  await page.getByText('1219 0876 5432 100 · CNY').waitFor();
  await page.getByText('默认', { exact: true }).waitFor();
  await page.getByRole('link', { name: '参数', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '取消' }).click();
  await save();
  await page.getByText('已保存').first().waitFor();
  assert.deepEqual(
    (await api.send('GET', 'settings')).banks.map((one) => [one.number, one.default]),
    [['121908765432100', true]],
  );

  await page.getByRole('link', { name: '参数', exact: true }).click();
  const zone = page.getByRole('combobox', { name: '时区' });
  assert.equal(await zone.inputValue(), '中国标准时间 UTC+8 · Asia/Shanghai');
  await zone.fill('tokyo');
  await page.getByRole('option', { name: /Asia\/Tokyo/ }).click();
  await field('密码最少字符数').fill('');
  await page.getByText('请填写整数').waitFor();
  assert.equal(await button('保存').isDisabled(), true);
  await field('密码最少字符数').fill('70');
  await button('保存').click();
  await page.getByText('请填写 8 到 64 之间的数').first().waitFor();
  await field('密码最少字符数').fill('10');
  await save();
  await page.getByText('已保存').first().waitFor();
  const { zone: kept, password_least } = await api.send('GET', 'settings');
  assert.deepEqual([kept, password_least], ['Asia/Tokyo', 10]);
  await api.send('PATCH', 'settings', { zone: 'Asia/Shanghai', password_least: 8 });
  assert.deepEqual(complaints(page, 401, 422), []);
  page.complaints = [];
});

test('a mail server is tried before it is kept, and says what is wrong', async () => {
  await page.goto(`${server.url}/settings/mail`);
  // What companies here use is known; only the account is to be typed.
  await choose(/^常用邮箱|常用邮箱$/, '腾讯企业邮箱');
  assert.equal(await field('服务器').inputValue(), 'smtp.exmail.qq.com');
  await field('服务器').fill('127.0.0.1');
  await field('发件地址').fill('crm@example.com');
  await field('收件地址').fill('boss@example.org');
  await button('发送').click();
  await page.getByText('127.0.0.1 指向内部或保留的网络地址').first().waitFor();
  await page.getByText('服务器在公司内部网络', { exact: true }).click();
  await field('端口').fill('9');
  await button('发送').click();
  await page.getByText('127.0.0.1 拒绝了端口 9 的连接').first().waitFor();
  await save();
  await page.getByText('已保存').first().waitFor();
  assert.equal((await api.send('GET', 'settings/mail')).port, 9);
  await api.send('PATCH', 'settings/mail', { host: '' });
  assert.deepEqual(complaints(page, 401, 422), []);
  page.complaints = [];
});

test('a member who is disabled is out, and one without roles is told whom to ask', async () => {
  const made = await api.create('org.member', { name: '周杰', login: 'zhoujie' });
  const { token } = await api.send('POST', `members/${made.id}/link`);
  const his = await open(browser);
  await his.goto(`${server.url}/join#${token}`);
  await field('新密码', his).fill('枯藤老树 昏鸦 2077');
  await field('再输一次', his).fill('枯藤老树 昏鸦 2077');
  await button('设置密码并登录', his).click();
  await his.waitForURL('**/welcome');
  await his.getByText(admin.name).first().waitFor();
  await page.goto(`${server.url}/settings/members`);
  await button('周杰：更多操作').click();
  await page.getByRole('menuitem', { name: '停用' }).click();
  await page.getByRole('region', { name: '成员' }).getByText('已停用', { exact: true }).waitFor();
  await his.goto(`${server.url}/settings/profile`);
  await his.waitForURL('**/sign-in*');
  assert.deepEqual(complaints(his, 401), []);
  await his.context().close();
});

test('a kind of records of one’s own is in the navigation at once', async () => {
  await page.goto(`${server.url}/settings/customize`);
  await button('新建记录类型').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^中文名称/ }).fill('样品');
  await field('英文名称', dialog).fill('Sample');
  await button('创建', dialog).click();
  await page.waitForURL('**/settings/customize/x/sample');
  await page.getByRole('link', { name: '样品', exact: true }).first().click();
  await page.waitForURL('**/x/sample');
  await api.create('x.sample', { name: '电机样品' });
  assert.deepEqual(complaints(page, 401), []);
});

test('a backup is made, restored as a test, and downloaded', async () => {
  await page.goto(`${server.url}/settings/backup`);
  await button('立即备份').click();
  const files = page.getByRole('listitem').filter({ has: page.getByText('未测试') });
  await files.getByRole('button', { name: /恢复测试/ }).click();
  await page.getByText(/已测试可恢复，共 [\d,]+ 行数据/).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /^下载/ }).click();
  assert.match((await download).suggestedFilename(), /guanxi/);
  await button('生成新的恢复口令').click();
  const dialog = page.getByRole('dialog');
  await button('生成', dialog).click();
  assert.ok((await dialog.locator('output').textContent()).length >= 20);
  assert.equal(await button('完成', dialog).isDisabled(), true);
  await dialog.getByText('我已经把恢复口令保存在安全的地方').click();
  await button('完成', dialog).click();
  assert.deepEqual(complaints(page, 401), []);
});

test('one sees on which devices one is signed in, and ends all others at once', async () => {
  for (const agent of [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60',
  ])
    await new Api(server.url).send(
      'POST',
      'session',
      { login: admin.login, password: admin.password },
      { 'User-Agent': agent },
    );
  await page.goto(`${server.url}/settings/security`);
  await page.getByText('Chrome（Windows）').waitFor();
  await page.getByText('微信（iPhone）').waitFor();
  // This device stands first, whenever it signed in.
  await page.getByRole('listitem').first().getByText('当前设备').waitFor();
  await button('退出其他所有设备').click();
  await page.getByText('只有这台设备登录了您的账号。').waitFor();
  await page.reload();
  await page.getByText('只有这台设备登录了您的账号。').waitFor();
  assert.deepEqual(complaints(page, 401), []);
});
