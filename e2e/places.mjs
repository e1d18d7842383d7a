// A small company's data, and every page there is: for axe and for screenshots.

const customers = [
  ['招商银行股份有限公司上海徐汇支行', 'won', 'a', 'finance', '310104', '021-64380037', '8039133.50'],
  ['杭州海康威视数字技术股份有限公司', 'won', 'a', 'electronics', '330108', '0571-88075998', '15958266.50'],
  ['宁波舟山港集团有限公司', 'negotiating', 'b', 'logistics', '330206', '0574-27686000', '23877399.50'],
  ['苏州汇川联合动力系统股份有限公司', 'contacted', 'b', 'manufacturing', '320506', '0512-68791000', null],
  ['深圳市大疆创新科技有限公司', 'lead', 'a', 'electronics', '440305', '0755-26656677', '39715665.00'],
  ['青岛海尔智家股份有限公司', 'won', 'a', 'manufacturing', '370212', '0532-88931670', '47634798.50'],
  ['佛山市顺德区美的电器', 'negotiating', 'c', 'manufacturing', '440606', '0757-26605456', '5553931.00'],
  ['四川长虹电器股份有限公司', 'lost', 'c', 'electronics', '510703', '0816-2417979', '7139197.50'],
  ['宁德时代新能源科技股份有限公司', 'won', 'a', 'energy', '350902', '0593-8901666', '87230463.50'],
  ['无锡药明康德新药开发股份有限公司', 'contacted', 'b', 'healthcare', '320211', '0510-85501212', null],
  ['徐州工程机械集团有限公司', 'lead', 'b', 'manufacturing', '320303', '0516-87739999', '12987862.50'],
  ['福耀玻璃工业集团股份有限公司', 'won', 'b', 'automotive', '350181', '0591-85383777', '20906995.50'],
  ['天津一汽丰田汽车有限公司', 'contacted', 'c', 'automotive', '120110', '022-84376666', null],
  ['武汉烽火通信科技股份有限公司', 'negotiating', 'b', 'telecom', '420111', '027-87691549', '52583527.50'],
  ['南京南瑞继保电气有限公司', 'won', 'a', 'energy', '320115', '025-87178888', '9907411.00'],
  ['合肥科大讯飞股份有限公司', 'lead', 'b', 'software', '340104', '0551-65331512', '68421793.50'],
  ['沈阳新松机器人自动化股份有限公司', 'contacted', 'c', 'manufacturing', '210112', '024-31165858', null],
  ['厦门金龙联合汽车工业有限公司', 'lost', 'd', 'automotive', '350211', '0592-2962888', '3098325.50'],
  ['长沙中联重科股份有限公司', 'won', 'b', 'manufacturing', '430104', '0731-88923908', '31604453.50'],
  ['北京京东方光电科技有限公司', 'negotiating', 'a', 'electronics', '110115', '010-64318888', '79311330.50'],
];

const contacts = [
  ['王芳', '采购经理', '13816624380', 'wangfang@cmb.example'],
  ['张伟', '信息科技部总经理', '13916620917', 'zhangwei@cmb.example'],
  ['刘洋', '财务主管', '13701862233', null],
];

/** The company's people: departments, positions, and members with the roles that come with the program. */
async function hire(api) {
  const departments = {};
  for (const [name, parent] of [
    ['总经办'],
    ['销售部'],
    ['华东组', '销售部'],
    ['华北组', '销售部'],
    ['财务部'],
  ])
    departments[name] = await api.create('org.department', {
      name,
      ...(parent ? { parent: departments[parent].id } : {}),
    });
  const positions = {};
  for (const [name, level] of [
    ['销售经理', 60],
    ['客户经理', 30],
    ['会计', 30],
  ])
    positions[name] = await api.create('org.position', { name, level });
  const roles = (await api.send('GET', 'records/org.role?fields=name,code')).items;
  for (const [name, login, department, position, role] of [
    ['陈静', 'chenjing', '销售部', '销售经理', 1],
    ['周杰', 'zhoujie', '华东组', '客户经理', 0],
    ['王芳', 'wangfang', '华北组', '客户经理', 0],
    ['赵敏', 'zhaomin', '财务部', '会计'],
    ['孙立', '', '华东组', '客户经理'],
  ])
    await api.create('org.member', {
      name,
      ...(login ? { login, email: `${login}@hengyuan.example` } : {}),
      department: departments[department].id,
      position: positions[position].id,
      ...(role === undefined ? {} : { roles: [roles[role].id] }),
    });
}

/** Fills an installation that has just been set up; resolves with the ids that placesOf needs. */
export async function furnish(api) {
  await hire(api);
  const made = [];
  for (const [name, status, level, industry, region, phone, amount] of [...customers].reverse()) {
    made.unshift(await api.create('crm.customer', { name, status, level, industry, region, phone, amount }));
  }
  const [bank] = made;
  for (const [name, title, mobile, email] of contacts) {
    await api.create('crm.contact', { name, title, mobile, email, customer: bank.id });
  }
  const { version } = await api.send('GET', `records/crm.customer/${bank.id}`);
  await api.send(
    'PATCH',
    `records/crm.customer/${bank.id}`,
    {
      level: 'b',
      addresses: [
        {
          consignee: '王芳',
          phone: '13816624380',
          region: '310104',
          address: '肇嘉浜路 1065 号',
          is_default: true,
        },
        { consignee: '刘洋', region: '310115', address: '张江路 665 号 3 号楼' },
      ],
      remark: '去年通过展会认识，主要采购伺服电机和减速机。\n付款习惯好，月结 60 天。',
    },
    { 'If-Match': `"v${version}"` },
  );
  const lead = await api.create('crm.lead', {
    company: '常州天合精密机械有限公司',
    contact_name: '钟佳怡',
    title: '采购经理',
    mobile: '13961201188',
    source: 'exhibition',
    demand: '展会上看过样机，想了解价格和交期。',
  });
  await api.create('crm.follow_up', {
    about: `crm.lead:${lead.id}`,
    kind: 'call',
    content: '电话联系，对方本周内部讨论预算。',
  });
  await api.create('work.task', {
    title: '寄样本和参数表',
    due_at: new Date(Date.now() - 3_600_000).toISOString(),
    assignee: (await api.send('GET', 'session')).me.id,
  });
  return { bank: bank.id, lead: lead.id };
}

/** The list of an entity. */
export const listOf = (entity) => `/${entity.replace('.', '/')}`;
const ready = (page, selector) => page.locator(selector).first().waitFor();

/** Chooses two rows; on a phone rows are chosen after saying so. */
async function chooseSome(page) {
  const choosing = page.getByRole('button', { name: /^(多选|Select several)$/ });
  if ((await choosing.count()) > 0) await choosing.click();
  for (const at of [1, 2])
    await page.locator('[data-row] input.pick, li input.pick').nth(at).click({ force: true });
  await page.getByText(/已选 2 条|2 selected/).waitFor();
}

/** Every page: its name, where it is, what shows that it is there, what to open on it. */
export function placesOf({ bank, lead }) {
  return [
    { name: 'leads', path: '/crm/lead', ready: (page) => ready(page, '[data-row], li a') },
    {
      name: 'lead-convert',
      path: `/crm/lead/${lead}`,
      ready: (page) => ready(page, 'main h1'),
      act: async (page) => {
        const name = /^(转为客户|Convert to customer)$/;
        const inHead = page.getByRole('button', { name });
        if (await inHead.isVisible()) await inHead.click();
        else {
          await page.getByRole('button', { name: /^(更多操作|More actions)$/ }).click();
          await page.getByRole('menuitem', { name }).click();
        }
        const too = page
          .getByRole('dialog')
          .getByRole('switch', { name: /^(同时新建商机|Make an opportunity too)$/ });
        await too.focus();
        await page.keyboard.press('Space');
        await page
          .getByRole('dialog')
          .getByLabel(/^(商机名称|Name of the opportunity)/)
          .first()
          .waitFor();
      },
    },
    { name: 'today', path: '/today', ready: (page) => ready(page, 'main section ul a') },
    {
      name: 'bell',
      path: '/today',
      ready: (page) => ready(page, 'main section ul a'),
      act: async (page) => {
        await page
          .getByRole('button', { name: /^(提醒|Reminders)/ })
          .first()
          .click();
        await page.getByRole('dialog', { name: /^(提醒|Reminders)$/ }).waitFor();
      },
    },
    {
      name: 'leads-board',
      path: '/crm/lead?as=board',
      ready: (page) => ready(page, '[data-card], [role="tab"]'),
    },
    {
      name: 'customers-board-menu',
      path: '/crm/customer?as=board&by=level',
      ready: (page) => ready(page, '[data-card]'),
      act: async (page) => {
        await page.locator('[data-card-menu]').first().click({ force: true });
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'customers-board',
      path: '/crm/customer?as=board&limits=won:3,negotiating:9',
      ready: (page) => ready(page, '[data-card]'),
    },
    {
      name: 'customers-grouped',
      path: '/crm/customer?group=status',
      ready: (page) => ready(page, 'button[aria-expanded], li a'),
      act: async (page) => {
        const heads = page.locator('main ul button[aria-expanded]');
        if ((await heads.count()) === 0) return; // a phone shows cards
        await heads.first().click();
        await page.locator('[data-row]').first().waitFor();
      },
    },
    {
      name: 'tasks-month',
      path: `${listOf('work.task')}?as=calendar&view=all`,
      ready: (page) => ready(page, '[data-event]'),
    },
    {
      name: 'tasks-week',
      path: `${listOf('work.task')}?as=calendar&span=week&view=all`,
      ready: (page) => ready(page, '[data-event], main h2'),
    },
    { name: 'tasks', path: listOf('work.task'), ready: (page) => ready(page, '[data-row], li a') },
    { name: 'customers', path: '/crm/customer', ready: (page) => ready(page, '[data-row], li a') },
    {
      name: 'customers-filtered',
      path: `/crm/customer?filter=${encodeURIComponent('status in ("won") and created_at >= month_start()')}`,
      ready: (page) => ready(page, '[data-row], li a'),
    },
    { name: 'customers-none', path: '/crm/customer?q=zzzz', ready: (page) => ready(page, 'main p') },
    {
      name: 'customers-filter-open',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(筛选|Filter)$/ }).click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
      },
    },
    {
      name: 'customers-builder',
      path: `/crm/customer?filter=${encodeURIComponent('status in ("won") and (owner in (me) or (created_at >= week_start() and created_at < week_start(1)))')}`,
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page
          .getByRole('button', { name: /^(组合条件|Build a filter)$/ })
          .first()
          .click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
      },
    },
    {
      name: 'customers-display',
      path: '/crm/customer?sort=-amount,name',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(显示|Display)$/ }).click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
      },
    },
    {
      name: 'customers-view',
      path: `/crm/customer?filter=${encodeURIComponent('level in ("a")')}`,
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        const saving = { name: /^(另存为新视图|Save as new view)$/ };
        const inBar = page.getByRole('button', saving);
        if (await inBar.isVisible()) await inBar.click();
        else {
          await page.getByRole('button', { name: /^(视图“|Menu of the view)/ }).click();
          await page.getByRole('menuitem', saving).click();
        }
        await page.getByRole('dialog').getByRole('textbox').waitFor();
      },
    },
    {
      name: 'customers-chosen',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: chooseSome,
    },
    {
      name: 'customers-bulk',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await chooseSome(page);
        await page.getByRole('button', { name: /^(转移|Hand over)$/ }).click();
        await page.getByRole('dialog').getByRole('combobox').waitFor();
      },
    },
    {
      name: 'customers-cell',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        const cell = page.locator('[data-row="1"] [data-cell="phone"]');
        if ((await cell.count()) === 0) return; // a phone shows cards
        await cell.dblclick();
        await page.locator('section input:focus').waitFor();
      },
    },
    {
      name: 'search-open',
      own: ['电'],
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.keyboard.press('/');
        await page.getByRole('searchbox').fill('电');
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'customers-peek',
      path: `/crm/customer?peek=${bank}`,
      ready: (page) => ready(page, 'aside h2, [role="dialog"] h2:nth-of-type(1)'),
    },
    {
      name: 'palette-open',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'palette-typed',
      own: ['lxr'],
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('searchbox').fill('lxr');
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'keys-open',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'search-page',
      path: `/search?q=${encodeURIComponent('招商')}`,
      ready: (page) => ready(page, 'main section li a'),
    },
    {
      name: 'export-open',
      path: '/crm/customer',
      ready: (page) => ready(page, '[data-row], li a'),
      act: async (page) => {
        await page
          .getByRole('button', { name: /^(更多操作|More actions)$/ })
          .first()
          .click();
        await page.getByRole('menuitem', { name: /^(导出…|Export…)$/ }).click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
      },
    },
    { name: 'customer', path: `/crm/customer/${bank}`, ready: (page) => ready(page, 'main h1') },
    {
      name: 'customer-timeline',
      path: `/crm/customer/${bank}?tab=timeline`,
      ready: (page) => ready(page, 'time'),
    },
    {
      name: 'customer-log',
      path: `/crm/customer/${bank}?tab=timeline`,
      ready: (page) => ready(page, 'time'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(写跟进记录|New follow-up)$/ }).click();
        await page.getByRole('form').getByRole('textbox').first().waitFor();
      },
    },
    {
      name: 'customer-contacts',
      path: `/crm/customer/${bank}?tab=crm.contact.customer`,
      ready: (page) => ready(page, '[data-row], li a'),
    },
    {
      name: 'customer-fact-edit',
      path: `/crm/customer/${bank}`,
      ready: (page) => ready(page, 'main h1'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(编辑行业|Edit Industry)$/ }).click();
        await page.getByRole('listbox').waitFor();
      },
    },
    {
      name: 'customer-files',
      path: `/crm/customer/${bank}?tab=files`,
      ready: (page) => ready(page, 'main section p:visible'),
    },
    {
      name: 'customer-delete',
      path: `/crm/customer/${bank}`,
      ready: (page) => ready(page, 'main h1'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(更多操作|More actions)$/ }).click();
        await page.getByRole('menuitem').last().click();
        await page.getByRole('alertdialog').waitFor();
      },
    },
    {
      name: 'customer-lines',
      path: `/crm/customer/${bank}?tab=addresses`,
      ready: (page) => ready(page, 'main table, main ul > li > dl'),
    },
    { name: 'customer-edit', path: `/crm/customer/${bank}/edit`, ready: (page) => ready(page, 'form input') },
    {
      name: 'customer-new-errors',
      path: '/crm/customer/new',
      ready: (page) => ready(page, 'form input'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(保存|Save)$/ }).click();
        await page.getByRole('alert').first().waitFor();
      },
    },
    { name: 'bin', path: '/crm/customer/bin', ready: (page) => ready(page, 'main li, main p') },
    {
      name: 'customer-new-alike',
      path: '/crm/customer/new',
      ready: (page) => ready(page, 'form input'),
      act: async (page) => {
        await page
          .getByRole('textbox', { name: /^(客户名称|Customer name)/ })
          .fill('招商银行股份有限公司上海徐汇支行');
        await page.getByRole('status').getByRole('link').waitFor();
      },
    },
    { name: 'contacts', path: '/crm/contact', ready: (page) => ready(page, '[data-row], li a') },
    {
      name: 'import',
      path: '/crm/customer/import',
      ready: (page) => ready(page, 'main button:visible'),
    },
    {
      name: 'import-mapping',
      own: [
        '客户名称',
        '客户状态',
        '客户.csv',
        '电话',
        '备用列',
        '已签约',
        '潜在',
        '杭州海康威视',
        '京东方光电',
      ],
      path: '/crm/customer/import',
      ready: (page) => ready(page, 'main button:visible'),
      act: async (page) => {
        const table =
          '客户名称,客户状态,电话,备用列\n杭州海康威视,已签约,0571-88075998,x\n京东方光电,潜在,010-64318888,y\n';
        await page
          .locator('input[type="file"]')
          .setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
        await ready(page, 'main table');
      },
    },
    {
      name: 'import-tried',
      own: ['nobody', '杭州海康威视'],
      path: '/crm/customer/import',
      ready: (page) => ready(page, 'main button:visible'),
      act: async (page) => {
        const table =
          'Record ID,Company name,Company owner,Phone Number\n77,杭州海康威视,nobody,0571-88075998\n';
        await page
          .locator('input[type="file"]')
          .setInputFiles({ name: 'hubspot.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
        await ready(page, 'main table');
        await page.getByRole('button', { name: /^(先试运行|Trial run)$/ }).click();
        await page.getByRole('heading', { name: /试运行结果|Result of the trial run/ }).waitFor();
      },
    },
    {
      name: 'import-running',
      path: '/crm/customer/import?job=RUNNING000000',
      ready: async (page) => {
        await page.route('**/api/v1/jobs/RUNNING000000', (route) =>
          route.fulfill({
            json: {
              id: 'RUNNING000000',
              kind: 'import',
              state: 'running',
              done: 3120,
              total: 8000,
              result: null,
            },
          }),
        );
        await page.reload();
        await ready(page, '[role="progressbar"]');
      },
    },
    {
      name: 'import-failed',
      own: ['客户名称', '电话', '邮箱', '坏邮箱', '无名.csv'],
      path: '/crm/customer/import',
      ready: (page) => ready(page, 'main button:visible'),
      act: async (page) => {
        const table = '客户名称,电话,邮箱\n,021-64380037,a@b.example\n,021-64380038,坏邮箱\n';
        await page
          .locator('input[type="file"]')
          .setInputFiles({ name: '无名.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
        await ready(page, 'main table');
        await page.getByRole('button', { name: /^(开始导入|Start import)$/ }).click();
        await page.getByRole('link', { name: /失败|failed/i }).waitFor();
      },
    },
    { name: 'reports', path: '/reports', ready: (page) => ready(page, 'main li a') },
    { name: 'no-permission', path: '/crm/nothing', ready: (page) => ready(page, 'main p') },
    { name: 'settings-profile', path: '/settings/profile', ready: (page) => ready(page, 'main form') },
    {
      name: 'settings-security',
      own: ['node'],
      path: '/settings/security',
      ready: (page) => ready(page, 'main li'),
    },
    { name: 'settings-keys', path: '/settings/keys', ready: (page) => ready(page, 'main form') },
    {
      name: 'settings-members',
      path: '/settings/members',
      ready: (page) => ready(page, 'main table'),
    },
    {
      name: 'settings-new-member',
      path: '/settings/members',
      ready: (page) => ready(page, 'main table'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(添加成员|Add member)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'settings-departments',
      path: '/settings/departments',
      ready: (page) => ready(page, 'main [role="treeitem"], main li, main [role="row"]'),
    },
    {
      name: 'settings-members-chosen',
      path: '/settings/members',
      ready: (page) => ready(page, 'main table'),
      act: async (page) => {
        await page.locator('main table input[type="checkbox"]').nth(2).click({ force: true });
        await ready(page, 'main table tr:has(input:checked) button');
      },
    },
    {
      name: 'settings-new-department',
      path: '/settings/departments',
      ready: (page) => ready(page, 'main h1'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(新建部门|New department)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    { name: 'settings-positions', path: '/settings/positions', ready: (page) => ready(page, 'main h1') },
    { name: 'settings-roles', path: '/settings/roles', ready: (page) => ready(page, 'main li a') },
    {
      name: 'settings-role',
      path: '/settings/roles',
      ready: (page) => ready(page, 'main a[href^="/settings/roles/"]'),
      act: async (page) => {
        await page.locator('main a[href^="/settings/roles/"]').first().click();
        await ready(page, '[data-cell]');
      },
    },
    {
      name: 'settings-role-scope',
      path: '/settings/roles',
      ready: (page) => ready(page, 'main a[href^="/settings/roles/"]'),
      act: async (page) => {
        await page.locator('main a[href^="/settings/roles/"]').first().click();
        await page.locator('[data-cell]').nth(12).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'settings-role-fields',
      path: '/settings/roles',
      ready: (page) => ready(page, 'main a[href^="/settings/roles/"]'),
      act: async (page) => {
        await page.locator('main a[href^="/settings/roles/"]').first().click();
        await page.getByRole('tab').nth(1).click();
        await page.getByRole('tabpanel').getByRole('group').first().waitFor();
      },
    },
    { name: 'settings-company', path: '/settings/company', ready: (page) => ready(page, 'main form') },
    {
      name: 'settings-bank',
      path: '/settings/company',
      ready: (page) => ready(page, 'main form'),
      act: async (page) => {
        await page.locator('main form section').nth(2).getByRole('button').last().click();
        await page.getByRole('dialog').waitFor();
      },
    },
    { name: 'settings-parameters', path: '/settings/parameters', ready: (page) => ready(page, 'main form') },
    { name: 'settings-mail', path: '/settings/mail', ready: (page) => ready(page, 'main form') },
    { name: 'settings-backup', path: '/settings/backup', ready: (page) => ready(page, 'main form') },
    {
      name: 'settings-new-entity',
      path: '/settings/customize',
      ready: (page) => ready(page, 'main li'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(新建记录类型|New kind of records?)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'settings-dictionaries',
      path: '/settings/dictionaries',
      ready: (page) => ready(page, 'main section li a'),
    },
    {
      name: 'settings-dictionary',
      path: '/settings/dictionaries/crm/customer/industry',
      ready: (page) => ready(page, 'main li input'),
    },
    {
      name: 'settings-dictionary-merge',
      path: '/settings/dictionaries/crm/customer/level',
      ready: (page) => ready(page, 'main li input'),
      act: async (page) => {
        await page
          .getByRole('button', { name: /：更多操作$|: more actions$/i })
          .nth(1)
          .click();
        await page.getByRole('menuitem', { name: /^(合并到…|Merge into…)$/ }).click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
      },
    },
    {
      name: 'settings-prints',
      path: '/settings/prints',
      ready: (page) => ready(page, 'main section li a'),
    },
    {
      name: 'settings-print',
      path: '/settings/prints/crm/customer/sheet',
      ready: (page) => ready(page, '[data-page="1"] canvas[data-drawn]'),
    },
    { name: 'settings-customize', path: '/settings/customize', ready: (page) => ready(page, 'main li') },
    {
      name: 'settings-form-layout',
      path: '/settings/customize/crm/customer#form',
      ready: (page) => ready(page, 'main section ul li'),
    },
    {
      name: 'settings-list-layout',
      path: '/settings/customize/crm/customer#list',
      ready: (page) => ready(page, 'main section ul li'),
    },
    {
      name: 'settings-new-field',
      path: '/settings/customize/crm/customer',
      ready: (page) => ready(page, 'main table'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(新建字段|New field)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'settings-options',
      path: '/settings/customize/crm/customer',
      ready: (page) => ready(page, 'main table'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(客户状态|Status)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    { name: 'lost', path: '/no-such-page', ready: (page) => ready(page, 'main a') },
  ];
}

/** Pages for people who are not signed in. */
export const doors = [
  { name: 'sign-in', path: '/sign-in', ready: (page) => ready(page, 'form input') },
  { name: 'old', path: '/old.html', ready: (page) => ready(page, 'h1') },
];

/** The first run, of a server where nobody was yet. */
export const firstRun = [
  { name: 'setup-company', path: '/setup', ready: (page) => ready(page, 'form input') },
  {
    name: 'setup-admin',
    path: '/setup',
    ready: (page) => ready(page, 'form input'),
    act: async (page) => {
      await page.getByRole('textbox').first().fill('恒远工业');
      await page.getByRole('button', { name: /^(下一步|Next)$/ }).click();
      await ready(page, 'input[type="password"]');
    },
  },
  {
    name: 'setup-passphrase',
    own: ['恒远工业', '李明', 'liming', 'amber-canal-dusty-eleven-forest-granite-harbor-ivory'],
    path: '/setup',
    ready: (page) => ready(page, 'form input'),
    act: async (page) => {
      await page.route('**/api/v1/setup', (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({
              json: { recovery_passphrase: 'amber-canal-dusty-eleven-forest-granite-harbor-ivory' },
            })
          : route.continue(),
      );
      await page.getByRole('textbox').first().fill('恒远工业');
      await page.getByRole('button', { name: /^(下一步|Next)$/ }).click();
      await page.locator('input[type="password"]').fill('山高月小 水落石出');
      await page.getByRole('textbox').first().fill('李明');
      await page.getByRole('textbox').nth(1).fill('liming');
      await page.locator('button[type="submit"]').click();
      await ready(page, 'output');
      await page.unroute('**/api/v1/setup');
    },
  },
];

/** Every way of looking at a page. */
export const looks = ['light', 'dark'].flatMap((theme) =>
  ['zh-CN', 'en'].flatMap((lang) => [1440, 390].map((width) => ({ theme, lang, width }))),
);
