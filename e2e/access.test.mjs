// Every page is usable by everybody (WCAG 2.2 AA as far as axe can see) and
// keeps the security policy: light and dark, both languages, desk and phone. And
// it speaks the language that was chosen, in all of its words.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { complaints, findings, launch, open, settled } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { strangersMoments } from './moments.mjs';
import { doors, firstRun, looks } from './places.mjs';
import { startFull, stateOf } from './ready.mjs';
import { start } from './server.mjs';
import { strange, writtenBy } from './words.mjs';

let server;
let empty;
let browser;
let places;
let state;
let written;
let demo;

before(async () => {
  let api;
  [{ server, api, places, state }, demo] = await Promise.all([startFull(), startDemo()]);
  [written, demo.written] = await Promise.all([writtenBy(api), writtenBy(demo.api)]);
  empty = await start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await demo?.server.stop();
  await empty?.stop();
});

/**
 * The looks that a place is seen in: one of the eight of both themes, languages
 * and widths, which goes round from place to place. The loops at their full
 * count take all eight.
 */
function isSeenIn(look, n) {
  const code = 4 * (look.theme === 'dark') + 2 * (look.lang === 'en') + (look.width === 390);
  return process.env.GUANXI_SOAK === '1' || code === n % 8;
}

describe('every place', { concurrency: 2 }, () => {
  for (const look of looks) {
    test(`${look.theme}, ${look.lang}, ${look.width} px`, async (t) => {
      const page = await open(browser, { ...look, state });
      const stranger = await open(browser, look);
      const boss = await open(browser, { ...look, state: stateOf(demo.cookie) });
      const visit = async (window, place, url = server.url, words = written) => {
        // What a place that acted asks for in its own time is answered as it was there. A
        // page of the same server is gone to: the browser keeps its process and its scripts.
        if (window.acted) {
          await window.goto(`${url}/old.html`);
          await window.unrouteAll({ behavior: 'ignoreErrors' });
        }
        window.acted = place.act !== undefined;
        window.complaints.length = 0;
        await window.goto(url + place.path);
        await place.ready(window);
        await settled(window);
        if (place.act) await place.act(window);
        const found = [
          ...(await findings(window)),
          ...(await strange(window, look.lang, words, place.own)),
          ...complaints(window, 401, ...(place.statuses ?? [])),
        ];
        const scrolls = await window.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        if (scrolls) found.push('the page scrolls sideways');
        assert.deepEqual(found, []);
      };
      const seen = (list) => list.filter((_, n) => isSeenIn(look, n));
      for (const place of seen(places)) await t.test(place.name, () => visit(page, place));
      for (const place of seen(demo.places))
        await t.test(place.name, () => visit(boss, place, demo.server.url, demo.written));
      for (const place of seen([...doors, ...strangersMoments]))
        await t.test(place.name, () => visit(stranger, place));
      for (const place of seen(firstRun)) await t.test(place.name, () => visit(stranger, place, empty.url));
      await page.context().close();
      await boss.context().close();
      await stranger.context().close();
    });
  }
});
