// Pictures of every page in every look, NAME.theme.lang.width.png in ./shots:
// for people who review how the page looks, and for the documentation.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open, settled } from './browser.mjs';
import { doors, furnish, looks } from './places.mjs';
import { Api, admin, start } from './server.mjs';

const folder = fileURLToPath(new URL('../shots', import.meta.url));
mkdirSync(folder, { recursive: true });
const only = process.argv.slice(2);

const server = await start();
const browser = await launch();
try {
  const first = await open(browser, {});
  await first.goto(`${server.url}/setup`);
  await first.locator('form input').first().waitFor();
  await first.screenshot({ path: join(folder, 'setup.light.zh-CN.1440.png') });
  const api = new Api(server.url);
  await api.setUp();
  const places = await furnish(api);
  await first.goto(`${server.url}/sign-in`);
  await first.getByRole('textbox', { name: '登录名' }).fill(admin.login);
  await first.getByRole('textbox', { name: '密码' }).fill(admin.password);
  await first.getByRole('button', { name: '登录', exact: true }).click();
  await first.waitForURL('**/crm/customer');
  const state = await first.context().storageState();
  let count = 0;
  for (const look of looks) {
    for (const [pages, signedIn] of [
      [places, state],
      [doors, undefined],
    ]) {
      const page = await open(browser, { ...look, state: signedIn, scale: look.width < 832 ? 2 : 1 });
      for (const place of pages) {
        if (only.length > 0 && !only.includes(place.name)) continue;
        await page.goto(server.url + place.path);
        await place.ready(page);
        await settled(page);
        if (place.act) await place.act(page);
        await page.screenshot({
          path: join(folder, `${place.name}.${look.theme}.${look.lang}.${look.width}.png`),
        });
        count++;
      }
      await page.context().close();
    }
  }
  process.stdout.write(`${count} pictures in shots/\n`);
} finally {
  await browser.close();
  await server.stop();
}
