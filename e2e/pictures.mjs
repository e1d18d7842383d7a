// Pictures of the gallery: every part in four looks, kept in e2e/pictures and
// compared by gallery.test.mjs. `npm run pictures` (in web/) makes them anew; look
// at every one that changed before it is committed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, open } from './browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const web = join(here, '../web');
export const folder = join(here, 'pictures');

/** Each theme, language and density is in at least one of them. */
export const looks = [
  { name: 'light-zh', theme: 'light', lang: 'zh-CN', density: 'normal' },
  { name: 'dark-zh', theme: 'dark', lang: 'zh-CN', density: 'compact' },
  { name: 'light-en', theme: 'light', lang: 'en', density: 'wide' },
  { name: 'dark-en', theme: 'dark', lang: 'en', density: 'normal' },
];

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Builds the gallery and serves it on this machine; resolves with its address and what ends it. */
export async function serve() {
  const built = mkdtempSync(join(tmpdir(), 'guanxi-gallery-'));
  const vite = ['node_modules/vite/bin/vite.js', 'build', '-c', 'gallery/vite.config.ts', '--outDir', built];
  execFileSync(process.execPath, vite, { cwd: web, stdio: ['ignore', 'ignore', 'inherit'] });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://x').pathname);
    try {
      const body = readFileSync(join(built, path));
      const type = types[extname(path)] ?? 'application/octet-stream';
      // Nothing changes as long as it is served: each picture loads the same page anew.
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'max-age=3600' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const stop = () => {
    server.close();
    rmSync(built, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}/gallery/index.html`, stop };
}

/** The names of all parts. */
export async function partsOf(browser, url) {
  const page = await open(browser, { width: 1000 });
  await page.goto(url);
  await page.waitForSelector('[data-ready="true"]');
  const names = await page.$$eval('[data-part]', (found) => found.map((one) => one.dataset.part));
  await page.context().close();
  return names;
}

/** The picture of a part in a look, as PNG. */
export async function picture(page, url, part, look) {
  const query = new URLSearchParams({ part, theme: look.theme, lang: look.lang, density: look.density });
  await page.goto(`${url}?${query}`);
  await page.waitForSelector('[data-ready="true"]');
  const floats = await page.$('[data-floats="true"]');
  // What floats lies outside the part, and comes a little later.
  if (floats)
    await page.waitForSelector(
      ':is([role="dialog"], [role="alertdialog"], [role="menu"], [role="tooltip"], [data-toast])',
    );
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  });
  if (floats) return page.screenshot();
  return page.locator(`[data-part="${part}"]`).screenshot();
}

/** The window that pictures are made in. */
export async function room(browser, look) {
  const page = await open(browser, { theme: look.theme, lang: look.lang, width: 1000 });
  await page.setViewportSize({ width: 1000, height: 440 });
  // A Sunday, with days of the same week before it.
  await page.clock.setFixedTime('2026-11-22T10:00:00+08:00');
  return page;
}

/** Every picture there is, one after the other. */
export async function* everyPicture(browser, url) {
  const parts = await partsOf(browser, url);
  for (const look of looks) {
    const page = await room(browser, look);
    for (const part of parts) {
      yield { name: `${part}.${look.name}.png`, png: await picture(page, url, part, look), page };
    }
    await page.context().close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'renew') {
  const gallery = await serve();
  const browser = await launch();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for await (const { name, png } of everyPicture(browser, gallery.url)) {
    writeFileSync(join(folder, name), png);
    bytes += png.length;
  }
  process.stdout.write(`${browser.version()}: ${(bytes / 1e6).toFixed(1)} MB of pictures in e2e/pictures\n`);
  await browser.close();
  gallery.stop();
}
