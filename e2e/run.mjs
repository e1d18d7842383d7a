// Runs the browser tests: two files at a time, the longest first, all from one
// prepared company; the main flows a second time on PostgreSQL. Names choose:
//   node e2e/run.mjs [flows list …]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './ready.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const atATime = 2;
/** Those that take longest; the rest follow in the order of their names. */
const longest = ['access', 'deal', 'settings', 'gallery', 'flows', 'record', 'list'];
/** The main flows, for which another database is another product. */
const onPostgres = ['flows'];

const asked = process.argv.slice(2);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.test.mjs'))
  .map((file) => file.replace('.test.mjs', ''))
  .filter((name) => asked.length === 0 || asked.includes(name))
  .sort((a, b) => rank(a) - rank(b));
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}`);

function rank(name) {
  const at = longest.indexOf(name);
  return at < 0 ? longest.length : at;
}

/** Runs one file and resolves with whether all was well; it speaks when it has ended. */
function run(name, database) {
  const began = Date.now();
  const test = [process.execPath, '--test', '--test-reporter=spec', join(here, `${name}.test.mjs`)];
  const [program, ...args] = database
    ? ['go', 'run', './internal/testkit/pg/run', '-database', '--', ...test]
    : test;
  const env = { ...process.env, GUANXI_E2E_PREPARED: prepared };
  if (database) env.GUANXI_E2E_ON = 'postgres';
  const child = spawn(program, args, { cwd: join(here, '..'), env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve) => {
    const end = (code) => {
      const took = Math.round((Date.now() - began) / 1000);
      process.stdout.write(
        `\n== ${name}${database ? ` on ${database}` : ''}, ${took} s\n${Buffer.concat(said)}`,
      );
      resolve(code === 0);
    };
    child.once('exit', end);
    child.once('error', (error) => {
      said.push(Buffer.from(`${error}\n`));
      end(1);
    });
  });
}

const prepared = mkdtempSync(join(tmpdir(), 'guanxi-e2e-prepared-'));
const began = Date.now();
await prepare(prepared);
const waiting = names.flatMap((name) => [
  [name],
  ...(onPostgres.includes(name) ? [[name, 'PostgreSQL']] : []),
]);
const failed = [];
async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (!(await run(...next))) failed.push(next.join(' on '));
  }
}
await Promise.all(Array.from({ length: atATime }, work));
rmSync(prepared, { recursive: true, force: true });
process.stdout.write(`\nbrowser tests: ${Math.round((Date.now() - began) / 1000)} s\n`);
if (failed.length > 0) {
  process.stdout.write(`failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
