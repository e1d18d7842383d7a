// The company of `guanxi demo`, which sells: every page of pools, deals, papers,
// money, targets and reports as it is with eighteen months of work, for axe and for
// pictures. Its records are its own: no other test reads them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, binary, start } from './server.mjs';

/** How many customers: enough for every kind of paper, few enough to be made in seconds. */
const customers = 40;

/** A server of the demo company, its API signed in as the boss, and all places there are. */
export async function startDemo() {
  const data = mkdtempSync(join(tmpdir(), 'guanxi-e2e-demo-'));
  const said = execFileSync(binary, ['--data', data, '--json', 'demo', '--customers', String(customers)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { login, password } = JSON.parse(said.trim().split('\n').at(-1));
  const server = await start({ data });
  const api = new Api(server.url);
  const page = new Api(server.url);
  for (const one of [api, page]) await one.send('POST', 'session', { login, password });
  return { server, api, cookie: page.cookie, places: demoPlaces(await known(api)) };
}

/** The ids of records that pages are about: the newest that a filter holds for. */
async function known(api) {
  const of = async (entity, filter = '', sort = '-id') => {
    const path = `records/${entity}?limit=1&fields=id&sort=${sort}&filter=${encodeURIComponent(filter)}`;
    const [first] = (await api.send('GET', path)).items;
    if (!first) throw new Error(`the demo company has no ${entity} with ${filter}`);
    return first.id;
  };
  return {
    lead: await of('crm.lead', 'status == "qualified"'),
    converted: await of('crm.lead', 'status == "converted"'),
    lying: await of('crm.lead', 'owner is null'),
    pool: await of('crm.pool', 'holds == "customer"'),
    leads: await of('crm.pool', 'is_default == true and holds == "lead"'),
    rule: await of('crm.assign_rule', 'mode == "by_region"'),
    model: await of('crm.lead_score_model'),
    deal: await of('sales.opportunity', 'state == "open" and win_rate >= 50'),
    checked: await of('sales.opportunity', 'state == "open" and checks_open > 0 and win_rate >= 30'),
    lost: await of('sales.opportunity', 'state == "lost"'),
    product: await of('catalog.product', 'code == "SF-015"'),
    bundle: await of('catalog.product', 'kind == "bundle"'),
    book: await of('catalog.price_book', 'priority == 20'),
    quote: await of('sales.quote', 'status == "accepted"'),
    contract: await of('sales.contract', 'status == "active"'),
    order: await of('sales.order', 'costing != "none"'),
    back: await of('sales.order', 'delivery == "part" and status != "cancelled" and costing != "none"'),
    waiting: await of('sales.order', 'status == "confirmed" and delivery != "full"'),
    change: await of('sales.change', 'status == "draft"'),
    plan: await of('finance.instalment', 'status == "part"'),
    receipt: await of('finance.receipt', 'status == "confirmed"'),
    prepaid: await prepaid(api, await of('crm.customer', 'receivable_open > 0', '-receivable_open')),
    invoice: await of('finance.invoice', 'status == "delivered"'),
    red: await of('finance.invoice', 'red_of is not null'),
    statement: await of('finance.statement', 'status == "confirmed"'),
    customer: await of('crm.customer', 'receivable_open > 0', '-receivable_open'),
    dunning: await of('finance.dunning', '', '-total'),
    credit: await of('finance.credit_profile', 'standing == "near"'),
    interest: await of('finance.interest'),
    target: await of('targets.target', 'kind == "company" and starts_on == year_start()'),
    member: await of('targets.target', 'kind == "member" and starts_on == year_start()'),
    ranking: await of('targets.ranking', 'period == "year"'),
  };
}

/** Money that came in and settles nothing yet, which the demo company never has: it settles what comes. */
async function prepaid(api, customer) {
  const { id } = await api.create('finance.receipt', { customer, amount: '60000' });
  const { version } = await api.send('GET', `records/finance.receipt/${id}`);
  const headers = { 'If-Match': `"v${version}"` };
  await api.send('POST', `records/finance.receipt/${id}/actions/confirm`, {}, headers);
  return id;
}

const ready = (page, selector) => page.locator(selector).first().waitFor();
const rows = (page) => ready(page, '[data-row], li a');
const heading = (page) => ready(page, 'main h1');
const figures = (page) => ready(page, 'main table td, main p.font-medium');
const listed = ([name, path]) => ({ name, path, ready: rows });
const shown = ([name, path]) => ({ name, path, ready: heading });
const written = ([name, path]) => ({ name, path, ready: (page) => ready(page, 'form input') });
const reported = ([name, path]) => ({ name, path: `/reports/${path}`, ready: figures });

/** Presses what a record can do, in its head or in its menu. */
function pressed(name) {
  return async (page) => {
    const button = page.getByRole('button', { name });
    if (await button.first().isVisible()) await button.first().click();
    else {
      await page
        .getByRole('button', { name: /^(更多操作|More actions)$/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name }).click();
    }
    await page.getByRole('dialog').waitFor();
  };
}

/** Puts a product into the first line of a new paper in dollars, on a desk in its grid, on a phone in a sheet. */
function inDollars(name) {
  return async (page) => {
    await page.getByRole('button', { name: /(币种|Currency)/ }).click();
    await page.getByRole('option', { name: /^(美元|USD US dollar)$/ }).click();
    const grid = page.getByRole('grid');
    await page.getByRole('button', { name: /^(添加一行|Add line)$/ }).click();
    const at = (await grid.count()) > 0 ? page : page.getByRole('dialog');
    if (at === page) {
      await grid.locator('[data-spot="0.0"]').click();
      await page.keyboard.press('Enter');
    }
    const box = at.getByRole('combobox', { name: /^(产品|Product)/ });
    await box.fill(name);
    await page.getByRole('option', { name }).first().click();
    if (at !== page) await at.getByRole('button', { name: /^(完成|Done)$/ }).click();
    const note = page.getByText(/没有带出单价|got no price/);
    await note.waitFor();
    await note.scrollIntoViewIfNeeded();
  };
}

const drawn = (page) => ready(page, '[data-page="1"] canvas[data-drawn]');

/** Every page that sells, by group. */
function demoPlaces(of) {
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  return [
    // pools and leads
    ...[
      ['pool-lying', '/crm/lead?filter=owner%20is%20null'],
      ['pool-customers', '/crm/customer?filter=owner%20is%20null'],
      ['pool-entries', '/crm/lead_pool_entry'],
      ['assign-turns', '/crm/assign_turn'],
    ].map(listed),
    ...[
      ['pool', `/crm/pool/${of.pool}`],
      ['pool-lead', `/crm/lead/${of.lying}`],
      ['lead-converted', `/crm/lead/${of.converted}`],
      ['assign-rule', `/crm/assign_rule/${of.rule}`],
      ['score-model', `/crm/lead_score_model/${of.model}`],
    ].map(shown),
    ...[
      ['pool-edit', `/crm/pool/${of.pool}/edit`],
      ['assign-rule-edit', `/crm/assign_rule/${of.rule}/edit`],
      ['score-rule-new', '/crm/lead_score_rule/new'],
    ].map(written),
    {
      name: 'pool-preview',
      path: `/crm/pool/${of.leads}`,
      ready: heading,
      act: pressed(/^(试算自动收回|Dry run)/),
    },
    {
      name: 'lead-score',
      path: `/crm/lead/${of.lead}`,
      ready: heading,
      act: pressed(/^(评分说明|Why this score)$/),
    },
    {
      name: 'lead-becomes',
      path: `/crm/lead/${of.lead}`,
      ready: heading,
      act: async (page) => {
        await pressed(/^(转为客户|Convert to customer)$/)(page);
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('switch', { name: /^(同时新建商机|Make an opportunity too)$/ }).focus();
        await page.keyboard.press('Space');
        await dialog
          .getByLabel(/^(商机名称|Name of the opportunity)/)
          .first()
          .waitFor();
      },
    },
    // opportunities
    listed(['deals', '/sales/opportunity']),
    listed(['deals-stale', '/sales/opportunity?view=stale']),
    {
      name: 'deals-board',
      path: '/sales/opportunity?as=board',
      ready: (page) => ready(page, '[data-card], [role="tab"]'),
    },
    {
      name: 'deals-month',
      path: '/sales/opportunity?as=calendar&view=open',
      ready: (page) => ready(page, '[data-event], main h2'),
    },
    shown(['deal', `/sales/opportunity/${of.deal}`]),
    shown(['deal-checks', `/sales/opportunity/${of.checked}?tab=checks`]),
    shown(['deal-lost', `/sales/opportunity/${of.lost}`]),
    written(['deal-edit', `/sales/opportunity/${of.deal}/edit`]),
    {
      name: 'deal-lose',
      path: `/sales/opportunity/${of.deal}`,
      ready: heading,
      act: pressed(/^(输单|Mark lost)$/),
    },
    // catalog
    listed(['products', '/catalog/product']),
    shown(['product', `/catalog/product/${of.product}`]),
    shown(['bundle', `/catalog/product/${of.bundle}`]),
    listed(['price-books', '/catalog/price_book']),
    shown(['price-book', `/catalog/price_book/${of.book}`]),
    written(['price-book-edit', `/catalog/price_book/${of.book}/edit`]),
    // papers
    listed(['quotes', '/sales/quote']),
    shown(['quote', `/sales/quote/${of.quote}`]),
    written(['quote-new', `/sales/quote/new?customer=${of.customer}`]),
    {
      // A product that has no price in the currency of the quote: it says so.
      name: 'quote-dollars',
      path: `/sales/quote/new?customer=${of.customer}`,
      ready: (page) => ready(page, 'form input'),
      act: inDollars('包装机'),
    },
    {
      name: 'quote-print',
      own: ['报价单'],
      path: `/sales/quote/${of.quote}`,
      ready: heading,
      act: async (page) => {
        await pressed(/^(打印…|Print…)$/)(page);
        await drawn(page);
      },
    },
    {
      name: 'settings-print-quote',
      own: ['plain', 'upper'],
      path: '/settings/prints/sales/quote/quote',
      ready: drawn,
    },
    {
      name: 'settings-numbering',
      path: '/settings/customize/sales/quote',
      ready: (page) => ready(page, 'main table'),
      act: async (page) => {
        await page.getByRole('button', { name: /^(报价单号|Quote number)$/ }).click();
        await page.getByRole('dialog').waitFor();
      },
    },
    listed(['contracts', '/sales/contract']),
    shown(['contract', `/sales/contract/${of.contract}`]),
    listed(['orders', '/sales/order']),
    shown(['order', `/sales/order/${of.order}`]),
    shown(['order-deliveries', `/sales/order/${of.back}?tab=deliveries`]),
    {
      name: 'order-deliver',
      path: `/sales/order/${of.waiting}`,
      ready: heading,
      act: pressed(/^(全部发货|Deliver)/),
    },
    shown(['change', `/sales/change/${of.change}`]),
    written(['change-edit', `/sales/change/${of.change}/edit`]),
    // money
    listed(['plans', '/finance/instalment?view=overdue']),
    shown(['plan', `/finance/instalment/${of.plan}`]),
    {
      name: 'contract-plan',
      path: `/sales/contract/${of.contract}`,
      ready: heading,
      act: pressed(/^(制定回款计划|回款计划|Plan)/),
    },
    listed(['receipts', '/finance/receipt']),
    shown(['receipt', `/finance/receipt/${of.receipt}`]),
    {
      name: 'receipt-settle',
      path: `/finance/receipt/${of.prepaid}`,
      ready: heading,
      act: pressed(/^(核销|Settle)$/),
    },
    listed(['settlements', '/finance/settlement']),
    listed(['invoices', '/finance/invoice']),
    shown(['invoice', `/finance/invoice/${of.invoice}`]),
    shown(['invoice-red', `/finance/invoice/${of.red}`]),
    {
      name: 'contract-invoice',
      path: `/sales/contract/${of.contract}`,
      ready: heading,
      act: pressed(/^(申请开票|Request invoice)$/),
    },
    shown(['statement', `/finance/statement/${of.statement}`]),
    listed(['interests', '/finance/interest']),
    shown(['interest', `/finance/interest/${of.interest}`]),
    {
      // The deed is called as what leads out of dialogs is called elsewhere.
      name: 'interest-cancel',
      path: `/finance/interest/${of.interest}`,
      ready: heading,
      act: pressed(/^(撤销|Cancel)$/),
    },
    {
      name: 'interest-charge',
      path: `/crm/customer/${of.customer}`,
      ready: heading,
      act: pressed(/^(计收逾期利息|Charge interest)$/),
    },
    listed(['dunnings', '/finance/dunning']),
    shown(['dunning', `/finance/dunning/${of.dunning}`]),
    listed(['credits', '/finance/credit_profile']),
    shown(['credit', `/finance/credit_profile/${of.credit}`]),
    ...[
      ['report-ageing', 'finance/instalment/ageing'],
      ['report-statement', `finance/instalment/statement?customer=${of.customer}`],
      ['report-interest', 'finance/instalment/interest'],
      ['report-interest-days', 'finance/instalment/interest?by=part'],
      ['report-dunning', `finance/instalment/dunning?date=${day}`],
    ].map(reported),
    // targets
    listed(['targets', '/targets/target']),
    listed(['targets-sheet', '/targets/target?view=sheet']),
    shown(['target', `/targets/target/${of.target}`]),
    written(['target-edit', `/targets/target/${of.member}/edit`]),
    listed(['standings', '/targets/standing']),
    listed(['forecast-snapshots', '/sales/forecast']),
    listed(['customer-values', '/sales/customer_value']),
    { name: 'rankings', path: `/rankings?of=${of.ranking}`, ready: (page) => ready(page, 'main ol') },
    {
      name: 'ranking-screen',
      path: `/rankings/${of.ranking}/screen`,
      ready: (page) => ready(page, 'main ol li p'),
    },
    ...[
      ['report-completion', 'targets/target/completion?period=year'],
      ['report-completion-year', 'targets/target/completion?by=month'],
      ['report-ahead', 'targets/target/forecast?period=year'],
      // analysis
      ['report-funnel', 'sales/opportunity/funnel'],
      ['report-win-rate', 'sales/opportunity/win_rate'],
      ['report-forecast', 'sales/opportunity/forecast'],
      ['report-outlook', 'sales/forecast_row/outlook'],
      ['report-dwell', 'sales/stage_visit/dwell'],
      ['report-ranking', 'sales/order/ranking'],
      ['report-turnover', 'sales/order/turnover'],
      ['report-full', 'sales/order/turnover?by=customer&period=all'],
      ['report-products', 'sales/order/products'],
      ['report-margin', 'sales/order/margin'],
      ['report-product-margin', 'sales/order/product_margin'],
      ['report-customers', 'crm/customer/statistics'],
      ['report-rfm', 'sales/customer_value/rfm'],
      ['report-activity', 'crm/follow_up/activity'],
      ['report-channels', 'crm/lead/channels'],
    ].map(reported),
    {
      name: 'report-none',
      path: '/reports/sales/order/turnover?period=custom&from=2001-01-01&to=2001-12-31',
      ready: (page) =>
        page
          .getByText(/^(没有符合条件的数据|Nothing fits)$/)
          .first()
          .waitFor(),
    },
    {
      name: 'report-missing',
      path: '/reports/finance/instalment/statement',
      ready: (page) => page.getByText(/^(请先选择客户|Choose first: Customer)$/).waitFor(),
    },
    {
      name: 'report-wrong',
      own: ['never'],
      statuses: [422],
      path: '/reports/sales/order/turnover?period=custom&from=never',
      ready: (page) => page.getByText(/^(请先改正|Correct first)/).waitFor(),
    },
  ];
}
