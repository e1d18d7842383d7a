// Holds how every component looks in all its states: the pictures of the gallery
// are compared with those in e2e/pictures. When one differs on purpose, make them
// anew (`npm run pictures` in web/) and look at each before it is committed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findings, launch } from './browser.mjs';
import { folder, looks, partsOf, picture, room, serve } from './pictures.mjs';
import { decode, difference } from './png.mjs';

/** Edges of letters may come out a little otherwise; a border or a colour may not. */
const tolerance = 10;
const mayDiffer = 0.0005;

let gallery;
let browser;
let parts;

before(async () => {
  gallery = await serve();
  browser = await launch();
  parts = await partsOf(browser, gallery.url);
});

after(async () => {
  await browser?.close();
  gallery?.stop();
});

for (const look of looks) {
  test(`the gallery in ${look.name} looks as it did, and everybody can use it`, async () => {
    const page = await room(browser, look);
    const wrong = [];
    for (const part of parts) {
      const name = `${part}.${look.name}.png`;
      const kept = readFileSync(join(folder, name));
      const made = await picture(page, gallery.url, part, look);
      // The same to the byte is the same to the pixel.
      const apart = made.equals(kept) ? 0 : difference(decode(made), decode(kept), tolerance);
      if (apart > mayDiffer) wrong.push(`${name}: ${(apart * 100).toFixed(2)} % of its pixels differ`);
      // The language changes no colour: once light and once dark is enough.
      if (look.lang === 'zh-CN') for (const found of await findings(page)) wrong.push(`${name}: ${found}`);
    }
    wrong.push(...page.complaints);
    await page.context().close();
    assert.deepEqual(wrong, []);
  });
}

test('every picture is of a part that there is', () => {
  const expected = looks.flatMap((look) => parts.map((part) => `${part}.${look.name}.png`));
  assert.deepEqual(readdirSync(folder).sort(), expected.sort());
});

test('the product carries nothing of the gallery', () => {
  const manifest = readFileSync(new URL('../web/dist/.vite/manifest.json', import.meta.url), 'utf8');
  assert.ok(manifest.includes('src/app/App.tsx') || manifest.includes('index.html'));
  assert.ok(!manifest.includes('gallery/'));
});
