// A real browser for the tests. Its packages are those of web/; the program is
// the one that $CHROMIUM names, or Debian's Chromium: its shell without windows
// where that is installed, which draws the same and is faster by a quarter.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || installed.find((path) => existsSync(path)),
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A window of its own: theme light or dark, lang zh-CN or en, width in CSS pixels
 * (under 832 it is a phone that is touched). Everything that the browser
 * complains about, the security policy included, is collected in page.complaints.
 */
export async function open(
  browser,
  { theme = 'light', lang = 'zh-CN', width = 1440, state, scale = 1 } = {},
) {
  const phone = width < 832;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 844 : 900 },
    locale: lang,
    timezoneId: 'Asia/Shanghai',
    isMobile: phone,
    hasTouch: phone,
    reducedMotion: 'reduce',
    deviceScaleFactor: scale,
    storageState: state,
    acceptDownloads: true,
  });
  await context.addInitScript(
    ([chosenTheme, chosenLang]) => {
      localStorage.setItem('guanxi.theme', chosenTheme);
      localStorage.setItem('guanxi.locale', chosenLang);
    },
    [theme, lang],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(Number(process.env.GUANXI_E2E_TIMEOUT ?? 15_000));
  page.complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      page.complaints.push(`${message.text()} ${message.location().url}`);
    }
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/**
 * Does what saves on this page, and is done when the server has answered that it
 * is kept: a message on the page may still be the one of an earlier save.
 */
export async function saving(page, act) {
  const kept = page.waitForResponse(
    (answer) => /^(PATCH|PUT)$/.test(answer.request().method()) && answer.ok(),
  );
  await Promise.all([kept, act()]);
}

/** What the browser complained about, less the answers that a test asked for (HTTP statuses). */
export function complaints(page, ...expected) {
  return page.complaints.filter((text) => !expected.some((status) => text.includes(`status of ${status}`)));
}

/** The windows that bring axe along wherever they go. */
const equipped = new WeakSet();

/** axe's findings on the page as it stands, one line each. */
export async function findings(page) {
  // Through the debugger: a script element would be stopped by the security policy.
  if (!equipped.has(page)) {
    equipped.add(page);
    await page.addInitScript(axeSource);
    await page.evaluate(`${axeSource};0`);
  }
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
      // Of what passes, nobody wants to know by which selector it is found.
      resultTypes: ['violations'],
      // Of these rules one asks for media; none asks for all style sheets read once more.
      preload: { assets: ['media'] },
    }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) =>
        `${id}: ${node.target.join(' ')}: ${(node.failureSummary ?? '').split('\n').slice(1).join(';').trim()}`,
    ),
  );
}

/** Waits until nothing on the page is loading any more. */
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}

/** Waits until what was opened is to be seen: on a phone the kit hides a dialog until its keyboard has come. */
export async function uncovered(page) {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')].every((dialog) => {
      for (let at = dialog; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return false;
      return true;
    }),
  );
}
