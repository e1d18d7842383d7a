// What one meets less often: full and extreme records, menus, two people at one
// record, nothing found, nothing there, a server that fails. Places like those of
// places.mjs, for axe and for pictures.
import { pdf } from './pdf.mjs';
import { listOf } from './places.mjs';

const ready = (page, selector) => page.locator(selector).first().waitFor();
const rows = (page) => ready(page, '[data-row], li a');
const heading = (page) => ready(page, 'main h1');
const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();

const longName = '中国（上海）自由贸易试验区临港新片区国际能源与新材料联合创新中心有限责任公司华东办事处';

/** Adds what strains a page: long names, many tags, nothing at all, huge figures; a day with much to do. */
export async function enrich(api, { bank }) {
  const { me } = await api.send('GET', 'session');
  const contract = await api.send('POST', 'files', pdf([['购销合同', '甲方：上海恒远']]), {
    'Content-Type': 'application/pdf',
    'X-Filename': encodeURIComponent('购销合同（盖章扫描件）2026 年度框架协议 第三版 终稿.pdf'),
  });
  const full = await api.create('crm.customer', {
    name: longName,
    short_name: '临港新材料',
    status: 'negotiating',
    level: 'a',
    tags: ['key', 'potential', 'repeat', 'strategic', 'price_sensitive', 'slow_payer'],
    industry: 'manufacturing',
    region: '310115',
    phone: '021-58880000',
    email: 'procurement.department@lingang-new-materials.example',
    amount: '999999999999.99',
    attachments: [contract.id],
    remark: '第一行。\n第二行很长：'.padEnd(300, '要求样品先行、分批交货、到货验收后付款，'),
  });
  const bare = await api.create('crm.customer', { name: '甲', amount: '0' });
  const gone = await api.create('crm.customer', { name: '重复录入的客户' });
  await api.send('DELETE', `records/crm.customer/${gone.id}`, undefined, {
    'If-Match': `"v${gone.version}"`,
  });
  const { banks } = await api.send('GET', 'settings');
  if (banks.length === 0)
    await api.send('PATCH', 'settings', {
      banks: [
        {
          bank: '中国工商银行股份有限公司',
          branch: '上海市浦东新区张江高科技园区支行营业部',
          number: '1001244219001234567',
          default: true,
        },
        {
          bank: '汇丰银行（中国）',
          account: '上海恒远工业科技有限公司',
          number: 'GB29 NWBK 6016 1331',
          currency: 'USD',
        },
      ],
    });
  await api.send('POST', 'backup', {});
  const visit = await api.create('crm.follow_up', {
    about: `crm.customer:${full.id}`,
    kind: 'visit',
    content: '上门拜访，看了二期厂房。对方希望六月底前完成样机测试，价格要再谈。'.repeat(3),
  });
  for (const [title, at] of [
    ['回电确认样机测试时间', -20],
    ['发送修改后的报价', 1],
    ['约二期厂房现场勘测', 5],
  ]) {
    await api.create('crm.follow_plan', {
      title,
      at: hours(at),
      kind: 'call',
      about: `crm.customer:${full.id}`,
      owner: me.id,
    });
  }
  for (const [title, due, priority] of [
    ['整理投标文件：技术规范、资质证明、近三年业绩、售后承诺，并交财务核对保证金', 3, 'urgent'],
    ['补录上周的名片', 26, 'low'],
  ]) {
    await api.create('work.task', { title, due_at: hours(due), priority, assignee: me.id });
  }
  return { bank, full: full.id, bare: bare.id, visit: visit.id };
}

/** Presses a button by its name in either language. */
const press = (page, name) => page.getByRole('button', { name }).first().click();

/** Opens a menu and waits for it. */
async function menu(page, name) {
  await press(page, name);
  await page.getByRole('menuitem').first().waitFor();
}

/** What another member saves meanwhile, with the session of the same window. */
async function meanwhile(page, id, values) {
  const at = `${new URL(page.url()).origin}/api/v1/records/crm.customer/${id}`;
  for (;;) {
    const { version } = await (await page.request.get(at)).json();
    const answer = await page.request.patch(at, {
      data: values,
      headers: { 'If-Match': `"v${version}"`, Origin: new URL(page.url()).origin },
    });
    if (answer.ok()) return;
    // Another look does the same at the same time: again.
    if (answer.status() !== 412) throw new Error(await answer.text());
  }
}

/** The same answer to whatever is asked there; the walks take it away before the next place. */
const answers = (page, asked, json, headers = {}) =>
  page.route(asked, (route) => route.fulfill({ json, headers }));

/** Opens the dialog of the export and begins. */
async function exporting(page) {
  await menu(page, /^(更多操作|More actions)$/);
  await page.getByRole('menuitem', { name: /^(导出…|Export…)$/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(导出|Export)/ })
    .last()
    .click();
}

const work = (kind, more) => ({
  id: `${kind.toUpperCase()}000000`,
  kind,
  done: 0,
  total: 0,
  result: null,
  error: null,
  created_at: hours(-30),
  ...more,
});

const sheets = ['说明', '华东客户', '华北客户（含已流失）', '联系人'];

const importDone = work('import', {
  id: 'DONE000000000',
  entity: 'crm.customer',
  state: 'done',
  done: 501,
  total: 501,
  result: {
    created: 440,
    updated: 15,
    unchanged: 3,
    skipped: 0,
    warned: 6,
    failed: 0,
    changeset: 'CHANGESET0000',
    notes: [],
  },
});

const passphrase = 'amber-canal-dusty-eleven-forest-granite-harbor-ivory';

const letterTexts = ['邀请您使用 Guanxi', '重设密码', '535 authentication failed: 授权码已过期'];
const letters = [
  ['queued', 'zhoujie', letterTexts[0], ''],
  ['dead', 'chenjing', letterTexts[1], letterTexts[2]],
  ['done', 'wangfang', letterTexts[0], ''],
].map(([state, who, subject, problem], i) => ({
  id: `LETTER000000${i}`,
  to: `${who}@hengyuan.example`,
  subject,
  state,
  tries: 1,
  problem,
  created_at: hours(-i - 1),
  ...(state === 'queued' ? {} : { finished_at: hours(-i - 1) }),
}));
const mailServer = {
  host: 'smtp.exmail.qq.com',
  port: 465,
  security: 'tls',
  user: 'crm@hengyuan.example',
  sender: 'crm@hengyuan.example',
  sender_name: '恒远工业',
  private: false,
  has_password: true,
};

const bellTexts = {
  call: '回电确认样机测试时间',
  bid: '整理投标文件：技术规范、资质证明、近三年业绩、售后承诺，并交财务核对保证金',
  lead: '常州天合精密机械有限公司',
  comment: '价格还能再让三个点吗？客户周五前要答复。',
  order: 'SO-202611-0042',
  quote: 'QT-202611-0108',
  contract: '年度框架采购合同（2026—2027）—常州天合精密机械有限公司',
  sender: '陈静',
  about: '招商银行股份有限公司上海徐汇支行',
};
/** One notice of each kind; more wait than are listed. */
const bellItems = (bank) => {
  const sender = { id: 'SENDER0000000', label: bellTexts.sender };
  const about = { type: 'crm.customer', id: bank, label: bellTexts.about };
  return [
    { title: bellTexts.call, kind: 'moment', about, sender: null },
    {
      title: bellTexts.lead,
      kind: 'given',
      about: { type: 'crm.lead', id: bank, label: bellTexts.lead },
      sender,
    },
    { title: bellTexts.lead, kind: 'given', about: null, sender, of: 'crm.lead', count: 12 },
    { title: bellTexts.comment, kind: 'mentioned', about, sender },
    {
      title: bellTexts.bid,
      kind: 'finished',
      about: { type: 'work.task', id: bank, label: bellTexts.bid },
      sender,
    },
    ...[
      ['asked', 'sales.quote', bellTexts.quote],
      ['approved', 'sales.order', bellTexts.order],
      ['rejected', 'sales.contract', bellTexts.contract],
      ['overdue', 'crm.customer', bellTexts.about],
      ['credit', 'crm.customer', bellTexts.lead],
      ['returning', 'crm.customer', bellTexts.lead],
    ].map(([kind, type, label]) => ({ title: label, kind, about: { type, id: bank, label }, sender })),
    { title: bellTexts.lead, kind: 'returned', about: null, sender: null, of: 'crm.lead', count: 3 },
  ].map((one, i) => ({
    count: null,
    of: null,
    ...one,
    id: `NOTICE000000${i}`,
    version: 1,
    at: hours(-i * 7 - 0.2),
  }));
};

/** The moments, with what enrich resolved with; statuses are answers that belong to them. */
export function momentsOf({ bank, full, bare, visit }) {
  return [
    {
      name: 'member-menu',
      path: '/today',
      ready: (page) => ready(page, 'main section ul a'),
      act: async (page) => {
        const own = page.getByRole('button', { name: /个人菜单|own menu/ });
        if ((await own.count()) > 0) await own.click();
        else await press(page, /^(更多|More)$/);
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'bell-full',
      own: Object.values(bellTexts),
      path: '/today',
      ready: (page) => ready(page, 'main section ul a'),
      act: async (page) => {
        await answers(page, '**/api/v1/records/org.reminder*', {
          items: bellItems(bank),
          count: { value: 64, exact: true },
        });
        await page.reload();
        await ready(page, 'main section ul a');
        await press(page, /^(提醒|Reminders)/);
        await page.getByRole('dialog').getByRole('listitem').first().waitFor();
      },
    },
    {
      name: 'new-build',
      path: '/crm/customer',
      ready: rows,
      act: async (page) => {
        // As a window learns it that asks for a part of a build that is gone, soon after its start.
        await page.evaluate(() => {
          const { fetch } = window;
          window.fetch = async (url, ...rest) =>
            url === '/' ? new Response('<div id="root"></div>"/assets/other.js"') : fetch(url, ...rest);
          const { now } = performance;
          performance.now = () => 0;
          window.dispatchEvent(new Event('vite:preloadError'));
          performance.now = now;
        });
        await page.getByRole('button', { name: /^(重新载入|Reload)/ }).waitFor();
      },
    },
    {
      name: 'customers-total-menu',
      path: '/crm/customer',
      ready: rows,
      act: async (page) => {
        const total = page.getByRole('button', { name: /(求和|合计|Sum|Total)/ }).first();
        if ((await total.count()) === 0) return; // a phone shows cards
        await total.click();
        await page
          .getByRole('menuitemradio')
          .or(page.getByRole('menuitemcheckbox'))
          .or(page.getByRole('menuitem'))
          .first()
          .waitFor();
      },
    },
    {
      name: 'import-sheets',
      own: [...sheets, '2026 年客户.xlsx', '公司名称', '联系电话', '苏州汇川', '无锡先导'],
      path: '/crm/customer/import',
      ready: (page) => ready(page, 'main button:visible'),
      act: async (page) => {
        const asked = '**/api/v1/import/crm.customer/preview';
        await page.route(
          asked,
          async (route) => {
            const answer = await route.fetch();
            await route.fulfill({
              response: answer,
              json: { ...(await answer.json()), sheets, sheet: sheets[1] },
            });
          },
          { times: 1 },
        );
        await page.locator('input[type="file"]').setInputFiles({
          name: '2026 年客户.xlsx.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from('公司名称,联系电话\n苏州汇川,0512-68791000\n无锡先导,0510-81163600\n'),
        });
        await ready(page, 'main table');
      },
    },
    {
      name: 'import-done',
      path: '/crm/customer/import?job=DONE000000000',
      ready: async (page) => {
        await answers(page, '**/api/v1/jobs/DONE000000000', importDone);
        await page.reload();
        await ready(page, 'main dl');
      },
    },
    {
      name: 'export-running',
      path: '/crm/customer',
      ready: rows,
      act: async (page) => {
        await answers(page, '**/api/v1/export/crm.customer', { job: 'EXPORT0000000' });
        await answers(
          page,
          '**/api/v1/jobs/EXPORT0000000',
          work('export', { state: 'running', done: 9, total: 22 }),
        );
        await exporting(page);
        await ready(page, '[role="dialog"] [role="progressbar"]');
      },
    },
    {
      name: 'export-done',
      own: ['客户-20261123.xlsx'],
      path: '/crm/customer',
      ready: rows,
      act: async (page) => {
        await answers(page, '**/api/v1/export/crm.customer', { job: 'EXPORT0000001' });
        const result = { file: 'EXPORTED00000', name: '客户-20261123.xlsx', rows: 22 };
        await answers(
          page,
          '**/api/v1/jobs/EXPORT0000001',
          work('export', { state: 'done', done: 22, result }),
        );
        await exporting(page);
        await ready(page, '[role="dialog"] a[download]');
      },
    },
    {
      name: 'settings-mail-letters',
      own: [
        'zhoujie@hengyuan.example',
        'chenjing@hengyuan.example',
        'wangfang@hengyuan.example',
        ...letterTexts,
      ],
      path: '/settings/mail',
      ready: async (page) => {
        await answers(page, '**/api/v1/settings/mail', mailServer, { ETag: '"1"' });
        await answers(page, '**/api/v1/settings/mail/letters*', { items: letters });
        await page.reload();
        await ready(page, 'main form');
        await ready(page, 'main li');
      },
    },
    {
      name: 'settings-backup-failed',
      own: ['写入备份时磁盘已满'],
      path: '/settings/backup',
      ready: async (page) => {
        const failed = work('backup', {
          state: 'failed',
          error: { code: 'internal', key: '', detail: '写入备份时磁盘已满' },
        });
        await answers(page, '**/api/v1/jobs?kind=backup*', { items: [failed] });
        await answers(page, '**/api/v1/jobs?kind=drill*', {
          items: [work('drill', { state: 'running', done: 12034 })],
        });
        await page.reload();
        await ready(page, 'main [role="progressbar"]');
      },
    },
    {
      name: 'settings-passphrase',
      own: [passphrase],
      path: '/settings/backup',
      ready: (page) => ready(page, 'main form'),
      act: async (page) => {
        await answers(page, '**/api/v1/settings/recovery', { recovery_passphrase: passphrase });
        await press(page, /^(生成新的恢复口令|New recovery passphrase)$/);
        await press(page, /^(生成|Make it)$/);
        await ready(page, '[role="dialog"] output');
      },
    },
    {
      name: 'customers-menu',
      path: '/crm/customer',
      ready: rows,
      act: (page) => menu(page, /^(更多操作|More actions)$/),
    },
    {
      name: 'customers-view-menu',
      path: '/crm/customer?sort=-amount',
      ready: rows,
      act: (page) => menu(page, /^(视图“|Menu of the view)/),
    },
    {
      name: 'customers-update',
      path: '/crm/customer',
      ready: rows,
      act: async (page) => {
        const choosing = page.getByRole('button', { name: /^(多选|Select several)$/ });
        if ((await choosing.count()) > 0) await choosing.click();
        for (const at of [1, 2])
          await page.locator('[data-row] input.pick, li input.pick').nth(at).click({ force: true });
        await press(page, /^(修改字段|Change a field)$/);
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'customers-extreme',
      path: '/crm/customer?columns=name,tags,amount,phone,email,industry,owner&sort=-amount',
      ready: rows,
    },
    { name: 'branches-empty', path: '/org/branch', ready: (page) => ready(page, 'main p') },
    { name: 'record-full', path: `/crm/customer/${full}`, ready: heading },
    { name: 'record-bare', own: ['我改的', '同事改的'], path: `/crm/customer/${bare}`, ready: heading },
    { name: 'record-visit', path: `/crm/follow_up/${visit}`, ready: heading },
    { name: 'record-plans', path: `/crm/customer/${full}?tab=crm.follow_plan.customer`, ready: rows },
    {
      name: 'record-files',
      path: `/crm/customer/${full}?tab=files`,
      ready: (page) => ready(page, 'main section li'),
    },
    {
      name: 'record-changes',
      path: `/crm/customer/${bank}?tab=timeline`,
      ready: (page) => ready(page, 'time'),
      act: async (page) => {
        await press(page, /^(修改记录|Changes)$/);
        await ready(page, 'del');
      },
    },
    {
      name: 'record-menu',
      path: `/crm/customer/${bank}`,
      ready: heading,
      act: (page) => menu(page, /^(更多操作|More actions)$/),
    },
    {
      name: 'record-title-edit',
      path: `/crm/customer/${full}`,
      ready: heading,
      act: async (page) => {
        await press(page, /^(编辑客户名称|Edit Customer name)$/);
        await page.locator('[data-fact="name"] input').waitFor();
      },
    },
    {
      name: 'record-conflict',
      own: ['我改的', '同事改的'],
      statuses: [409, 412],
      path: `/crm/customer/${bare}/edit`,
      ready: (page) => ready(page, 'form input'),
      act: async (page) => {
        await meanwhile(page, bare, { short_name: `同事改的 ${Date.now() % 1000}`, phone: '021-60000000' });
        await page.getByRole('textbox', { name: /^(简称|Short name)/ }).fill('我改的');
        await press(page, /^(保存|Save)$/);
        await page.getByRole('radiogroup').first().waitFor();
      },
    },
    {
      name: 'edit-lines',
      path: `/crm/customer/${bank}/edit`,
      ready: (page) => ready(page, 'form input'),
      act: async (page) => {
        await ready(page, '[data-field="addresses"]');
        await page.locator('[data-field="addresses"]').scrollIntoViewIfNeeded();
      },
    },
    {
      name: 'record-missing',
      statuses: [404],
      path: '/crm/customer/00000000-0000-7000-8000-000000000000',
      ready: (page) => ready(page, 'main p, [role="alert"]'),
    },
    {
      name: 'list-broken',
      statuses: [500],
      path: listOf('work.task'),
      ready: rows,
      act: async (page) => {
        const asked = '**/api/v1/records/work.task*';
        await page.route(asked, (route) =>
          route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500}' }),
        );
        await page.reload();
        await page.getByRole('alert').first().waitFor();
        await page.unroute(asked);
      },
    },
    {
      name: 'no-server',
      path: '/today',
      ready: (page) => ready(page, 'main section ul a'),
      act: async (page) => {
        await page.route('**/api/v1/session', (route) => route.abort());
        await page.reload();
        await page
          .getByText(/连不上服务器|cannot be reached/)
          .first()
          .waitFor();
        await page.unroute('**/api/v1/session');
        page.complaints.length = 0;
      },
    },
    { name: 'search-none', own: ['zzzz'], path: '/search?q=zzzz', ready: (page) => ready(page, 'main p') },
    {
      name: 'palette-none',
      own: ['zzzz'],
      path: '/today',
      ready: (page) => ready(page, 'main section ul a'),
      act: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('searchbox').fill('zzzz');
        await page
          .getByText(/没有找到|Nothing found/)
          .first()
          .waitFor();
      },
    },
    { name: 'welcome', path: '/welcome', ready: (page) => ready(page, 'main p') },
  ];
}

/** For people who are not signed in. */
export const strangersMoments = [
  {
    name: 'sign-in-wrong',
    path: '/sign-in',
    ready: (page) => ready(page, 'form input'),
    act: async (page) => {
      await page.getByRole('textbox').first().fill('nobody');
      await page.locator('input[type="password"]').fill('不是这个密码 123');
      await page.locator('button[type="submit"]').click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'forgot',
    path: '/sign-in',
    ready: (page) => ready(page, 'form input'),
    act: async (page) => {
      const face = '**/api/v1/company';
      await page.route(face, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), mail: true } });
      });
      await page.reload();
      await press(page, /^(忘记密码|Forgot)/);
      await page.getByRole('dialog').waitFor();
      await page.unroute(face);
    },
  },
  {
    name: 'join-old',
    statuses: [400, 403, 404, 410, 422],
    path: '/join#this-link-was-used',
    ready: (page) => ready(page, '[role="alert"]'),
  },
  {
    name: 'join',
    own: ['赵磊', 'zhaolei'],
    statuses: [400, 403, 404, 410, 422],
    path: '/join#a-link',
    ready: async (page) => {
      const look = '**/api/v1/session/link/look';
      await page.route(look, (route) =>
        route.fulfill({ json: { login: 'zhaolei', name: '赵磊', company: '上海恒远工业科技有限公司' } }),
      );
      await page.reload();
      await ready(page, 'form input');
      await page.unroute(look);
    },
  },
];
