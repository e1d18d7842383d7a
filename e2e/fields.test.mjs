// Fields as people fill them in: dates typed, pasted and picked, figures from a
// Chinese keyboard, places by pinyin, records found and made on the spot; without a
// mouse, and never while hanzi are being composed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, findings } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let page;
let api;
let leave;

before(async () => {
  ({ server, page, api, leave } = await arrive());
  await api.create('crm.customer', { name: '宁波舟山港集团有限公司' });
  for (const [key, type, zh] of [
    ['signed', 'date', '签约日期'],
    ['called_at', 'instant', '下次联系'],
    ['opens', 'time', '营业时间'],
    ['budget', 'money', '预算'],
    ['place', 'region', '收货地区'],
    ['plan', 'rich_text', '方案'],
  ]) {
    await api.send('POST', 'customize/entities/crm.contact/fields', {
      key,
      type,
      label: { 'zh-CN': zh, en: key },
    });
  }
  // A Sunday, in the company's zone.
  await page.clock.setFixedTime('2026-11-22T10:00:00+08:00');
  await page.goto(`${server.url}/crm/contact/new`);
  await field('签约日期').waitFor();
});

after(() => leave?.());

const field = (name) => page.getByRole('textbox', { name, exact: true });
const dialog = (name) => page.getByRole('dialog', { name, exact: true });

test('a date is read as it is typed', async () => {
  for (const [typed, want] of [
    ['11/3', '2026-11-03 周二'],
    ['２０２７．１．５', '2027-01-05 周二'],
    ['明天', '2026-11-23 周一'],
    ['下周五', '2026-11-27 周五'],
  ]) {
    await field('签约日期').fill(typed);
    await page.keyboard.press('Tab');
    assert.equal(await field('签约日期').inputValue(), want, typed);
  }
});

test('arrows go by days, and a whole date can be pasted', async () => {
  await field('签约日期').fill('2026-12-31');
  await page.keyboard.press('ArrowUp');
  assert.equal(await field('签约日期').inputValue(), '2027-01-01');
  await field('签约日期').evaluate((input) => {
    const data = new DataTransfer();
    data.setData('text', ' 2026年2月5日 ');
    input.dispatchEvent(
      new ClipboardEvent('paste', {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
      }),
    );
  });
  assert.equal(await field('签约日期').inputValue(), '2026-02-05');
});

test('what is no date stays, is said to be none, and is not saved', async () => {
  await field('签约日期').fill('改天再说');
  await page.keyboard.press('Tab');
  await page.getByText('看不懂这个日期').waitFor();
  assert.equal(await field('签约日期').inputValue(), '改天再说');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('请填写日期').first().waitFor();
  assert.equal(await field('签约日期').inputValue(), '改天再说');
});

test('the calendar is walked without a mouse: Monday first, months, Escape and Enter', async () => {
  await field('签约日期').fill('2026-11-22');
  await page.keyboard.press('Alt+ArrowDown');
  const calendar = dialog('签约日期');
  await calendar.waitFor();
  const names = await calendar.locator('thead th').allTextContents();
  assert.deepEqual(names, ['一', '二', '三', '四', '五', '六', '日']);
  assert.deepEqual(await findings(page), []);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await calendar.waitFor({ state: 'detached' });
  assert.match(await field('签约日期').inputValue(), /^2026-12-21/);
  await page.getByRole('button', { name: '打开日历' }).first().click();
  await calendar.getByRole('button', { name: '下周一' }).click();
  assert.match(await field('签约日期').inputValue(), /^2026-11-23/);
});

test('the numbers of the weeks are shown to those who want them', async () => {
  await page.getByRole('button', { name: '打开日历' }).first().click();
  await dialog('签约日期').getByText('显示周数').click();
  const weeks = await dialog('签约日期').locator('tbody th').allTextContents();
  assert.deepEqual(
    weeks.map((text) => Number(text.replace(/\D/g, ''))),
    [44, 45, 46, 47, 48, 49],
  );
  await page.keyboard.press('Escape');
  await dialog('签约日期').waitFor({ state: 'detached' });
});

test('a moment has a day and a time on the clocks of the company', async () => {
  await field('下次联系').fill('明天');
  await page.keyboard.press('Tab');
  await field('下次联系 时间').fill('下午2点半');
  await page.keyboard.press('Tab');
  assert.equal(await field('下次联系 时间').inputValue(), '14:30');
  await field('营业时间').fill('９点半');
  await page.keyboard.press('Tab');
  assert.equal(await field('营业时间').inputValue(), '09:30');
});

test('figures take full-width digits and are grouped while nobody types', async () => {
  await field('预算').fill('￥１，２８０，０００．５');
  await page.keyboard.press('Tab');
  assert.equal(await field('预算').inputValue(), '1,280,000.5');
  await field('预算').focus();
  assert.equal(await field('预算').inputValue(), '1280000.5');
});

test('a region is found by initials and walked by arrows', async () => {
  const region = page.getByRole('button', { name: '收货地区' });
  await region.click();
  await dialog('收货地区').getByRole('searchbox').fill('shxh');
  await dialog('收货地区').getByRole('searchbox').fill('shanghai xuh');
  await dialog('收货地区').getByRole('button', { name: '上海市 / 徐汇区' }).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog('收货地区').waitFor({ state: 'detached' });
  await page.getByText('上海市 徐汇区').waitFor();
  await region.click();
  const columns = dialog('收货地区').locator('[data-column]');
  assert.equal(await columns.count(), 2, 'a municipality has no level between');
  await dialog('收货地区').getByRole('searchbox').press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await dialog('收货地区').getByRole('button', { name: '选择“北京市”' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog('收货地区').waitFor({ state: 'detached' });
  await page.getByText('上海市 徐汇区').waitFor();
});

test('a record is found by pinyin, and what is not there is made on the spot', async () => {
  const customer = page.getByRole('combobox', { name: /客户/ });
  await customer.fill('nbzsg');
  await page.getByRole('option', { name: '宁波舟山港集团有限公司' }).waitFor();
  await customer.fill('上海恒远');
  await page.getByRole('option', { name: '新建“上海恒远”' }).click();
  const making = dialog('新建客户');
  await making.waitFor();
  assert.deepEqual(await findings(page), []);
  await making.getByRole('textbox', { name: /客户名称/ }).fill('上海恒远精密机械有限公司');
  await page.keyboard.press('Enter');
  await making.waitFor({ state: 'detached' });
  assert.equal(await customer.inputValue(), '上海恒远精密机械有限公司');
});

test('text has looks by keys and buttons, and what is pasted is cleaned', async () => {
  await field('方案').click();
  await page.keyboard.type('交期');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('两周');
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '项目符号' }).click();
  await page.keyboard.type('样机');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await field('方案').evaluate((box) => {
    const data = new DataTransfer();
    data.setData(
      'text/html',
      '<html><body><!--StartFragment--><h1 class=MsoTitle>报价<o:p></o:p></h1><p style="color:red">含税' +
        '<script>window.ran = 1</script><img src=x onerror="window.ran = 1"></p><!--EndFragment--></body></html>',
    );
    box.dispatchEvent(
      new ClipboardEvent('paste', {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
      }),
    );
  });
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: '链接地址' }).fill('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await page.getByText('请填写网址', { exact: false }).waitFor();
  await page.getByRole('textbox', { name: '链接地址' }).fill('example.com/terms');
  await page.keyboard.press('Enter');
  await field('方案').getByRole('link', { name: 'example.com/terms' }).waitFor();
  assert.deepEqual(await findings(page), []);
  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('all of it is saved as it was meant', async () => {
  await field('姓名 必填').fill('王芳');
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/crm\/contact\/[0-9A-Z]{13}/i);
  const { items } = await api.send('GET', 'records/crm.contact?limit=1');
  const [saved] = items;
  const value = (key) => saved[key] ?? saved[`x_${key}`];
  assert.equal(value('signed'), '2026-11-23');
  assert.equal(Date.parse(value('called_at')), Date.parse('2026-11-23T14:30:00+08:00'));
  assert.equal(value('opens').slice(0, 5), '09:30');
  assert.equal(Number(value('budget')), 1280000.5);
  assert.match(value('place'), /^310104/);
  assert.equal(
    (await api.send('GET', `records/crm.contact/${saved.id}`)).plan,
    '<p>交期<strong>两周</strong></p><ul><li><p>样机</p></li></ul><h2>报价</h2>' +
      '<p>含税<a href="https://example.com/terms">example.com/terms</a></p>',
  );
  await page.locator('[data-fact="plan"] strong', { hasText: '两周' }).waitFor();
  assert.equal(saved.customer.label, '上海恒远精密机械有限公司');
  // The preview refuses what is half typed, when it comes to it between two letters.
  assert.deepEqual(complaints(page, 401, 422), []);
});

test('a field is shown and asked for where its condition holds, and keeps what was typed', async () => {
  await page.goto(`${server.url}/settings/customize/crm/customer`);
  await page.getByRole('button', { name: '新建字段' }).click();
  const making = dialog('新建字段');
  await making.getByRole('textbox', { name: /中文名称/ }).fill('丢单原因');
  for (const [rule, on] of [
    ['何时显示', '满足条件时才显示'],
    ['何时必填', '满足条件时必填'],
  ]) {
    await making.getByRole('button', { name: new RegExp(rule) }).click();
    await page.getByRole('option', { name: on, exact: true }).click();
    const rows = making.getByRole('group', { name: rule, exact: true });
    await rows.getByRole('button', { name: /字段/ }).click();
    await page.getByRole('option', { name: '客户状态', exact: true }).click();
    await rows.getByRole('button', { name: /值/ }).click();
    await page.getByRole('option', { name: '流失', exact: true }).click();
    await page.keyboard.press('Escape');
    await rows.getByText('客户状态 是以下之一 流失').waitFor();
  }
  assert.deepEqual(await findings(page), []);
  await making.getByRole('button', { name: '创建', exact: true }).click();
  await making.waitFor({ state: 'detached' });

  await page.goto(`${server.url}/crm/customer/new`);
  await field('客户名称 必填').fill('苏州汇川技术');
  const why = page.getByRole('textbox', { name: /丢单原因/ });
  const set = async (label, option) => {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  assert.equal(await why.count(), 0);
  await set(/客户状态/, '流失');
  await page.getByRole('textbox', { name: '丢单原因 必填' }).fill('价格太高');
  await set(/客户状态/, '洽谈中');
  await why.waitFor({ state: 'detached' });
  await set(/客户状态/, '流失');
  assert.equal(await why.inputValue(), '价格太高');
  await why.fill('');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('此项必填').first().waitFor();
  await why.fill('价格太高');
  // A person has no registration: what is typed there is not saved once it went.
  const code = page.getByRole('textbox', { name: '统一社会信用代码' });
  const tab = (name) => page.getByRole('tab', { name });
  await tab('工商开票信息').click();
  await code.fill('91310000');
  await tab('销售进展').click();
  await code.waitFor({ state: 'detached' });
  // What is wrong in another tab opens it, and the summary leads to the field.
  await page.getByRole('button', { name: '保存' }).click();
  await tab('工商开票信息 1 处有误').waitFor();
  await page.getByRole('alert').waitFor();
  assert.equal(await code.inputValue(), '91310000');
  assert.deepEqual(await findings(page), []);
  await tab('销售进展').press('Enter');
  await page.getByRole('alert').getByRole('button').click();
  await code.waitFor();
  assert.equal(await code.evaluate((input) => input === document.activeElement), true);
  page.complaints.length = 0;
  await set(/客户类型/, '个人');
  await code.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/crm\/customer\/[0-9A-Z]{13}/i);
  const saved = await api.send('GET', `records/crm.customer/${page.url().split('/').at(-1)}`);
  assert.deepEqual([saved.status, saved.kind, saved.uscc], ['lost', 'person', null]);
  assert.equal(Object.values(saved).includes('价格太高'), true);
  await page.locator('dt', { hasText: '丢单原因' }).waitFor();
  assert.deepEqual(complaints(page, 401), []);
});
