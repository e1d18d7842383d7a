// How quick the list is, as figures (UI.md 5, PERF): no test, since what a machine
// does besides decides as much as the page. Run it when nothing else runs:
//   node e2e/speed.mjs [rows]
import { launch, open, settled } from './browser.mjs';
import { startCompany } from './ready.mjs';

const count = Number(process.argv[2] ?? 10_000);
const runs = 5;
const columns =
  'name,status,level,owner,industry,region,phone,amount,next_follow_on,last_followed_at,created_at,updated_at';

const say = (what, figure, goal) =>
  process.stdout.write(`${what.padEnd(58)} ${String(figure).padStart(9)}   ${goal}\n`);
const middle = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const at = (list, share) =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

const { server, api, state } = await startCompany();
const browser = await launch();
try {
  const pick = (list, n) => list[n % list.length];
  for (let from = 0; from < count; from += 200) {
    const items = Array.from({ length: Math.min(200, count - from) }, (_, i) => {
      const n = from + i;
      return {
        name: `华东第${n}工业设备有限公司`,
        status: pick(['lead', 'contacted', 'negotiating', 'won', 'lost'], n),
        level: pick(['a', 'b', 'c', 'd'], n),
        industry: pick(['manufacturing', 'software', 'energy'], n),
        region: pick(['310104', '330108', '440305'], n),
        phone: `021-6438${String(n % 10_000).padStart(4, '0')}`,
        amount: `${(n * 137) % 900_000}.50`,
      };
    });
    await api.send('POST', 'records/crm.customer/bulk', { op: 'create', items });
  }
  await opening(state, 'list of 12 columns, nothing cached', {}, 'at most 700 ms');
  await opening(
    state,
    'the same, CPU ÷ 4, 10 Mbit/s, 20 ms away',
    { cpu: 4, megabits: 10, latency: 20 },
    'at most 1900 ms',
  );
  await scrolling(state);
} finally {
  await browser.close();
  await server.stop();
}

/** Milliseconds from the start of the navigation until the rows stand and a frame was drawn. */
async function opening(state, what, { cpu, megabits, latency }, goal) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const page = await open(browser, { state });
    const cdp = await page.context().newCDPSession(page);
    if (cpu) await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    if (megabits) {
      const bytes = (megabits * 1_000_000) / 8;
      await cdp.send('Network.enable');
      await cdp.send('Network.emulateNetworkConditions', {
        offline: false,
        latency,
        downloadThroughput: bytes,
        uploadThroughput: bytes,
      });
    }
    await page.addInitScript(() => {
      const look = new MutationObserver(() => {
        if (!document.querySelector('[data-row="15"]')) return;
        look.disconnect();
        requestAnimationFrame(() =>
          setTimeout(() => {
            window.rowsStoodAt = performance.now();
          }),
        );
      });
      look.observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${server.url}/crm/customer?columns=${columns}`, {
      waitUntil: 'commit',
      timeout: 60_000,
    });
    await page.waitForFunction(() => window.rowsStoodAt !== undefined, undefined, { timeout: 60_000 });
    times.push(await page.evaluate(() => window.rowsStoodAt));
    await page.context().close();
  }
  say(`${what}, middle of ${runs}`, `${Math.round(middle(times))} ms`, goal);
}

async function scrolling(state) {
  const page = await open(browser, { state });
  await page.goto(`${server.url}/crm/customer?columns=${columns}`);
  await page.locator('[data-row="15"]').waitFor();
  await settled(page);
  // Every row is fetched first: the frames are about drawing, not about the network.
  const rows = await page.evaluate(async (wanted) => {
    const box = document.querySelector('[data-row]').closest('section');
    const shown = () => [...document.querySelectorAll('[data-row]')].map((row) => Number(row.dataset.row));
    const last = () => Math.max(0, ...shown()) + 1;
    const frame = () => new Promise((resolve) => setTimeout(resolve, 30));
    const end = performance.now() + 120_000;
    while (last() < wanted && performance.now() < end) {
      box.scrollTop = box.scrollHeight;
      await frame();
    }
    box.scrollTop = 0;
    await frame();
    return Math.round((box.scrollHeight - 70) / document.querySelector('[data-row]').offsetHeight);
  }, count);
  const frames = await page.evaluate(async () => {
    const box = document.querySelector('[data-row]').closest('section');
    const step = (box.scrollHeight - box.clientHeight) / 120;
    const times = [];
    let before;
    await new Promise((resolve) => {
      function frame(now) {
        if (before !== undefined) times.push(now - before);
        before = now;
        if (times.length === 120) return resolve();
        box.scrollTop += step;
        requestAnimationFrame(frame);
      }
      requestAnimationFrame(frame);
    });
    return times;
  });
  say(
    `${rows} rows scrolled in 120 frames: 95 of 100 within`,
    `${at(frames, 0.95).toFixed(1)} ms`,
    'at most 40 ms',
  );
  say('frames over 50 ms', frames.filter((ms) => ms > 50).length, 'at most 2');
  const chosen = [];
  for (let run = 0; run < runs * 2; run++) {
    chosen.push(
      await page.evaluate(() => {
        const box = document.querySelector('[role="columnheader"] input');
        const from = performance.now();
        box.click();
        // What React draws for a press it draws at once; the layout is asked for to count it too.
        document.body.getBoundingClientRect();
        const took = performance.now() - from;
        return took;
      }),
    );
    await page.waitForTimeout(50);
  }
  say(
    `all of ${count} chosen or let go, longest of ${chosen.length}`,
    `${Math.max(...chosen).toFixed(1)} ms`,
    'at most 20 ms',
  );
  await page.context().close();
}
