// From a lead to a customer, as a seller does it: the lead is called, becomes a
// customer in one step, and what was noted about it is there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, settled } from './browser.mjs';
import { arrive } from './ready.mjs';

let server;
let page;
let api;
let leave;

before(async () => {
  ({ server, page, api, leave } = await arrive());
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
