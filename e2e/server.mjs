// The program itself, built by `make build`, on a data folder of its own.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const binary = process.env.GUANXI_BIN || fileURLToPath(new URL('../bin/guanxi', import.meta.url));

export const admin = { login: 'liming', name: '李明', password: '山高月小 水落石出 1082' };
/** The address of an empty PostgreSQL where the tests run on one (run.mjs); else SQLite, in the data folder. */
export const database = process.env.GUANXI_E2E_ON === 'postgres' ? process.env.GUANXI_TEST_PG : undefined;
if (process.env.GUANXI_E2E_ON === 'postgres' && !database)
  throw new Error('GUANXI_TEST_PG names no PostgreSQL');

export const company = { company: '上海恒远工业科技有限公司', currency: 'CNY' };

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function folder() {
  return mkdtempSync(join(tmpdir(), 'guanxi-e2e-'));
}

/** A folder of its own with what stands in another. */
function copied(other) {
  const data = folder();
  cpSync(other, data, { recursive: true });
  return data;
}

/**
 * Starts the server and resolves when it answers, on a copy of the data folder
 * from, or an empty one; port and program may be told, to start again as another.
 * Its records are in a PostgreSQL where the tests run on one.
 * stop() ends it and deletes its data, pause() ends it and leaves them.
 */
export async function start({ from, data = from ? copied(from) : folder(), port, program = binary } = {}) {
  const url = `http://127.0.0.1:${port ?? (await freePort())}`;
  const options = ['--data', data, '--listen', url.slice('http://'.length)];
  const child = spawn(program, ['serve', ...options, ...(database ? ['--database', database] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    // A program that is not there does not exit either.
    child.once('error', (error) => {
      said.push(Buffer.from(`${error}: run make build\n`));
      resolve();
    });
  });
  const pause = async () => {
    // What never began has no process; Node would end the group of this one.
    if (child.pid !== undefined) child.kill('SIGTERM');
    await ended;
  };
  const stop = async () => {
    await pause();
    rmSync(data, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.pid === undefined) break;
    const answer = await fetch(`${url}/api/v1/health`).catch(() => undefined);
    if (answer?.ok) return { url, data, stop, pause, log: () => Buffer.concat(said).toString() };
    await wait(50);
  }
  await stop();
  throw new Error(`the server did not start:\n${Buffer.concat(said)}`);
}

/** The API as a program uses it, signed in as the administrator. */
export class Api {
  constructor(url) {
    this.url = url;
    this.cookie = '';
  }

  async send(method, path, body, headers = {}) {
    const raw = body instanceof Buffer;
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: {
        'Accept-Language': 'zh-CN',
        Origin: this.url,
        Cookie: this.cookie,
        ...(body && !raw ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: body && !raw ? JSON.stringify(body) : body,
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) this.cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Does what the first-run wizard does. */
  async setUp() {
    return this.send('POST', 'setup', { ...company, ...admin, locale: 'zh-CN' });
  }

  async signIn() {
    return this.send('POST', 'session', { login: admin.login, password: admin.password });
  }

  create(entity, values) {
    return this.send('POST', `records/${entity}`, values);
  }
}
