// Records on paper: looked at in the page, taken along as a file, and their
// layout changed by an administrator, who sees it at once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { complaints, findings, settled } from './browser.mjs';
import { arrive } from './ready.mjs';

let there;
let api;
let page;
let customer;

before(async () => {
  there = await arrive();
  ({ api, page } = there);
  customer = await api.create('crm.customer', {
    name: '宁波舟山港集团有限公司',
    status: 'won',
    remark: '第一行',
  });
});

after(() => there?.leave());

const drawn = () => page.locator('[data-page="1"] canvas[data-drawn]');

test('a record is printed by its button: shown, downloaded, with text and fonts inside', async () => {
  await page.goto(`${there.server.url}/crm/customer/${customer.id}`);
  await settled(page);
  await page.getByRole('button', { name: '打印…' }).click();
  await drawn().waitFor();
  await page.locator('[data-page="1"]').getByText('宁波舟山港集团有限公司').waitFor();
  assert.deepEqual(await findings(page), []);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载 PDF' }).click(),
  ]);
  assert.equal(file.suggestedFilename(), '客户资料卡 宁波舟山港集团有限公司.pdf');
  const path = await file.path();
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  assert.match(text, /宁波舟山港集团有限公司/);
  assert.match(text, /第 1 页，共 1 页/);
  assert.match(
    execFileSync('pdffonts', [path], { encoding: 'utf8' }),
    /[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes/,
  );
});

test('an administrator changes a layout, sees it, keeps it and takes it back', async () => {
  await page.goto(`${there.server.url}/settings/prints`);
  await page.getByRole('link', { name: /^客户资料卡/ }).click();
  await drawn().waitFor();
  const blocks = page.getByRole('list', { name: '内容块' });
  const before = await blocks.getByRole('listitem').count();
  await blocks.getByRole('button', { name: /^标题/ }).first().click();
  await page.getByRole('textbox', { name: '文字', exact: true }).fill('{name} · 评级 {level}');
  await page.getByRole('button', { name: '添加内容块' }).click();
  await page.getByRole('menuitem', { name: '横线' }).click();
  assert.equal(await blocks.getByRole('listitem').count(), before + 1);
  await page.locator('[data-page="1"]').getByText('· 评级').waitFor();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('button', { name: '恢复默认' }).waitFor();
  const paper = await fetch(`${there.server.url}/api/v1/records/crm.customer/${customer.id}/print/sheet`, {
    headers: { Cookie: api.cookie },
  });
  const text = execFileSync('pdftotext', ['-', '-'], {
    encoding: 'utf8',
    input: Buffer.from(await paper.arrayBuffer()),
  });
  assert.match(text, /· 评级/);
  // What is wrong is said where it is, and nothing is kept.
  await blocks.getByRole('button', { name: /^标题/ }).first().click();
  await page.getByRole('textbox', { name: '文字', exact: true }).fill('{nothing}');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('没有字段“nothing”').first().waitFor();
  await page.getByRole('button', { name: '恢复默认' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: '恢复默认' }).click();
  await page.getByRole('button', { name: '恢复默认' }).waitFor({ state: 'detached' });
  assert.deepEqual(complaints(page, 422), []);
});
