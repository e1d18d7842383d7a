// Pictures of every page in every look, NAME.theme.lang.width.png in ./shots:
// for people who review how the page looks, and for the documentation.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open, settled } from './browser.mjs';
import { doors, firstRun, looks } from './places.mjs';
import { startCompany } from './ready.mjs';
import { start } from './server.mjs';

const folder = fileURLToPath(new URL('../shots', import.meta.url));
mkdirSync(folder, { recursive: true });
const only = process.argv.slice(2);

const { server, places, state } = await startCompany({ furnished: true });
const empty = await start();
const browser = await launch();
try {
  let count = 0;
  for (const look of looks) {
    for (const [pages, signedIn, url] of [
      [places, state, server.url],
      [doors, undefined, server.url],
      [firstRun, undefined, empty.url],
    ]) {
      const page = await open(browser, { ...look, state: signedIn, scale: look.width < 832 ? 2 : 1 });
      for (const place of pages) {
        if (only.length > 0 && !only.includes(place.name)) continue;
        await page.goto(url + place.path);
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
  await empty.stop();
}
