// Files of a record: PDF files read in place, with a mouse, by keys and with two
// fingers; nothing in them runs, and what cannot be shown says why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaints, findings, open, settled } from './browser.mjs';
import { pdf } from './pdf.mjs';
import { arrive } from './ready.mjs';

let there;
let api;
let page;
let at;

before(async () => {
  there = await arrive();
  ({ api, page } = there);
  const files = [];
  const words = Array.from({ length: 24 }, (_, i) => [
    `购销合同 第 ${i + 1} 页`,
    '甲方：上海恒远',
    `条款 ${i + 1}`,
  ]);
  for (const [name, body] of [
    ['购销合同.pdf', pdf(words)],
    ['工资单.pdf', pdf([['保密']], { isLocked: true })],
    ['残缺.pdf', Buffer.from('%PDF-1.7\n这不是完整的文件')],
  ]) {
    files.push(
      await api.send('POST', 'files', body, {
        'Content-Type': 'application/pdf',
        'X-Filename': encodeURIComponent(name),
      }),
    );
  }
  const made = await api.create('crm.customer', {
    name: '宁波舟山港集团有限公司',
    attachments: files.map(({ id }) => id),
  });
  at = `${there.server.url}/crm/customer/${made.id}?tab=files`;
  await page.goto(at);
  await settled(page);
});

after(() => there?.leave());

const drawn = (on, n) => on.locator(`[data-page="${n}"] canvas[data-drawn]`);
const pageBox = (on) => on.getByRole('textbox', { name: '页码' });

test('a PDF in Chinese is read in place: text, pages, size, words, by keys too', async () => {
  await page.getByRole('button', { name: '查看 购销合同.pdf' }).click();
  await drawn(page, 1).waitFor();
  await page.locator('[data-page="1"]').getByText('购销合同 第 1 页').waitFor();
  const ink = await drawn(page, 1).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] < 100) dark++;
    return dark;
  });
  assert.ok(ink > 500, `letters are drawn: ${ink} dark dots`);
  assert.deepEqual(await findings(page), []);

  const room = page.getByRole('region', { name: '购销合同.pdf' });
  await room.focus();
  await page.keyboard.press('-');
  await page.keyboard.press('9');
  await page.keyboard.press('End');
  await drawn(page, 24).waitFor();
  assert.equal(await pageBox(page).inputValue(), '24');
  assert.equal(await drawn(page, 1).count(), 0, 'what is far away is let go of');
  await pageBox(page).fill('１２');
  await page.keyboard.press('Enter');
  await drawn(page, 12).waitFor();

  await page.getByRole('searchbox', { name: '在文件中查找' }).fill('条款2');
  await page.getByText('2/6').waitFor();
  await page.waitForFunction(() => document.querySelector('input[aria-label="页码"]')?.value === '20');
  await page.getByRole('button', { name: '下一处' }).click();
  await page.waitForFunction(() => document.querySelector('input[aria-label="页码"]')?.value === '21');
  await page.getByText('3/6').waitFor();
});

test('links open pages and nothing else; no script of the file runs', async () => {
  await pageBox(page).fill('1');
  await page.keyboard.press('Enter');
  const first = page.locator('[data-page="1"]');
  const out = first.getByRole('link');
  await out.waitFor();
  assert.equal(await out.count(), 1, 'javascript: and programs are no links');
  assert.equal(await out.getAttribute('href'), 'https://www.example.com/terms');
  assert.equal(await out.getAttribute('rel'), 'noopener noreferrer nofollow');
  await first.getByRole('button', { name: '转到第 24 页' }).click();
  await drawn(page, 24).waitFor();
  assert.deepEqual(complaints(page, 401), []);
});

test('a locked and a broken file say so, and can be downloaded', async () => {
  await page.getByRole('button', { name: '下一个' }).click();
  await page.getByText('这个 PDF 有密码保护', { exact: false }).waitFor();
  await page.getByRole('link', { name: /^下载/ }).waitFor();
  await page.getByRole('button', { name: '下一个' }).click();
  await page.getByText('这个文件不是完整的 PDF', { exact: false }).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(complaints(page, 401), []);
});

test('on a phone two fingers make it larger', async () => {
  const phone = await open(there.browser, { width: 390, state: there.state });
  await phone.goto(at);
  await settled(phone);
  await phone.getByRole('button', { name: '查看 购销合同.pdf' }).click();
  await drawn(phone, 1).waitFor();
  const wide = async () => (await phone.locator('[data-page="1"]').boundingBox()).width;
  const before = await wide();
  assert.ok(before <= 390, `the page fits the phone: ${before}`);
  const touch = await phone.context().newCDPSession(phone);
  const put = (type, apart) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [
              { x: 195 - apart, y: 400, id: 1 },
              { x: 195 + apart, y: 400, id: 2 },
            ],
    });
  await put('touchStart', 40);
  for (const apart of [50, 60, 70, 80]) await put('touchMove', apart);
  await put('touchEnd', 80);
  assert.ok((await wide()) > before * 1.6, `${before} became ${await wide()}`);
  assert.deepEqual(await findings(phone), []);
  assert.deepEqual(complaints(phone, 401), []);
  await phone.context().close();
});

test('a lost connection is tried again, what cannot be sent says why, what is on its way can be stopped', async () => {
  let lost = 0;
  await page.route('**/api/v1/files', (route) => {
    if (route.request().headers()['x-filename'] === 'slow.txt') return undefined; // never answered
    return lost++ === 0 ? route.abort('connectionreset') : route.continue();
  });
  const input = page.locator('input[type="file"]').first();
  await input.setInputFiles([
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('送货走北门') },
  ]);
  await page.getByText('这是空文件或文件夹', { exact: false }).waitFor();
  await page.getByText('连接断开，正在重试').waitFor();
  await page.getByRole('button', { name: '查看 note.txt' }).waitFor();
  await page.getByRole('button', { name: '从列表中移除 empty.txt' }).click();
  await input.setInputFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await page.getByRole('progressbar', { name: 'slow.txt' }).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: '停止上传 slow.txt' }).click();
  await page.getByRole('list', { name: '正在上传的文件' }).waitFor({ state: 'detached' });
  await page.unroute('**/api/v1/files');
  assert.equal(lost, 2);
});

test('a form waits for what is on its way; a pasted picture comes to its files', async () => {
  await page.goto(`${there.server.url}/crm/customer/new`);
  await page.getByRole('textbox', { name: /客户名称/ }).fill('上海恒远');
  let free;
  const held = new Promise((resolve) => {
    free = resolve;
  });
  await page.route('**/api/v1/files', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('textbox', { name: /客户名称/ }).evaluate((box) => {
    const data = new DataTransfer();
    data.items.add(
      new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], 'image.png', { type: 'image/png' }),
    );
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('文件还在上传', { exact: false }).first().waitFor();
  free();
  await page.getByRole('button', { name: /^移除.*\.png/ }).waitFor();
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/crm\/customer\/[0-9A-Z]{13}/i);
  const { items } = await api.send(
    'GET',
    `records/crm.customer?limit=1&sort=-created_at&fields=name,attachments`,
  );
  assert.match(items[0].attachments[0].name, /^\d{4}-\d\d-\d\d \d{6}\.png$/);
  assert.deepEqual(
    complaints(page, 401, 'ERR').filter((text) => !text.includes('ERR_')),
    [],
  );
});
