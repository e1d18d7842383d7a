// Pictures of every page in every look, NAME.theme.lang.width.png in ./shots:
// for people who review how the page looks, and for the documentation. Words choose:
//   npm run shots [customers peek … dark en 390 …]   (a name's beginning, a look's parts)
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open, settled, uncovered } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { strangersMoments } from './moments.mjs';
import { doors, firstRun, looks } from './places.mjs';
import { startFull, stateOf } from './ready.mjs';
import { start } from './server.mjs';

// A picture may take its time: nothing is measured here.
process.env.GUANXI_E2E_TIMEOUT ??= '60000';
const folder = fileURLToPath(new URL('../shots', import.meta.url));
mkdirSync(folder, { recursive: true });
const said = process.argv.slice(2);
const isLook = (word) => looks.some((look) => Object.values(look).map(String).includes(word));
const names = said.filter((word) => !isLook(word));
const wanted = looks.filter((look) =>
  Object.entries(look).every(([part, value]) => {
    const words = said.filter((word) => looks.some((other) => String(other[part]) === word));
    return words.length === 0 || words.includes(String(value));
  }),
);
const isWanted = ({ name }) => names.length === 0 || names.some((word) => name.startsWith(word));

const [{ server, places, state }, demo] = await Promise.all([startFull(), startDemo()]);
const empty = await start();
const browser = await launch();

/** What could not be taken: told at the end, the others are taken. */
const failed = [];

/** Takes the pictures of one look; resolves with how many. */
async function takeAll(look) {
  let count = 0;
  for (const [pages, signedIn, url] of [
    [places, state, server.url],
    [demo.places, stateOf(demo.cookie), demo.server.url],
    [[...doors, ...strangersMoments], undefined, server.url],
    [firstRun, undefined, empty.url],
  ]) {
    const page = await open(browser, { ...look, state: signedIn, scale: look.width < 832 ? 2 : 1 });
    for (const place of pages.filter(isWanted)) {
      const file = `${place.name}.${look.theme}.${look.lang}.${look.width}.png`;
      try {
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        await page.goto(url + place.path);
        await place.ready(page);
        await settled(page);
        if (place.act) await place.act(page);
        await settled(page);
        await uncovered(page);
        await page.screenshot({ path: join(folder, file) });
      } catch (error) {
        failed.push(`${file}: ${error.message}`);
        continue;
      }
      count++;
    }
    await page.context().close();
  }
  return count;
}

const began = Date.now();
try {
  let count = 0;
  const waiting = [...wanted];
  const work = async () => {
    for (let look = waiting.shift(); look; look = waiting.shift()) {
      const taken = await takeAll(look);
      count += taken;
    }
  };
  await Promise.all([work(), work()]);
  const took = Math.round((Date.now() - began) / 1000);
  process.stdout.write(`${count} pictures in shots/, ${took} s\n`);
  if (failed.length > 0) {
    process.stdout.write(`not taken:\n${failed.join('\n')}\n`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
  await demo.server.stop();
  await empty.stop();
}
