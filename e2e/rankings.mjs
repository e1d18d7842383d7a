// What somebody sold, who was to sell how much, and the pages that say so: for
// axe and for pictures.

const ready = (page, selector) => page.locator(selector).first().waitFor();

/** Orders of every member this month, targets of this year, a ranking. */
export async function rank(api, { bank }) {
  const people = (await api.send('GET', 'records/org.member?fields=name&sort=id')).items;
  const depts = (await api.send('GET', 'records/org.department?fields=name&sort=id')).items;
  const year = String(new Date().getFullYear());
  const measure = 'order_amount';
  for (const [n, owner] of people.entries()) {
    const order = await api.create('sales.order', {
      customer: bank,
      owner: owner.id,
      items: [{ name: '伺服电机', quantity: '10', given_amount: String(486200 - n * 73150.5) }],
    });
    await api.send('POST', `records/sales.order/${order.id}/actions/confirm`, {}, { 'If-Match': '*' });
    await api.create('targets.target', {
      year,
      measure,
      kind: 'member',
      member: owner.id,
      total: String(4800000 - n * 300000),
    });
  }
  for (const [n, one] of depts.entries())
    await api.create('targets.target', {
      year,
      measure,
      kind: 'department',
      department: one.id,
      total: String(12000000 - n * 2000000),
    });
  const target = await api.create('targets.target', { year, measure, kind: 'company', total: '36000000' });
  const ranking = await api.create('targets.ranking', {
    name: '销售龙虎榜',
    measures: [measure, 'new_customers', 'visits'],
    period: 'month',
  });
  return { ranking: ranking.id, target: target.id };
}

/** The places of targets and rankings. */
export function rankingPlaces({ ranking, target }) {
  return [
    { name: 'rankings', path: '/rankings', ready: (page) => ready(page, 'main ol') },
    {
      name: 'ranking-screen',
      path: `/rankings/${ranking}/screen`,
      ready: (page) => ready(page, 'main ol li p'),
    },
    { name: 'ranking-list', path: '/targets/ranking', ready: (page) => ready(page, '[data-row], li a') },
    { name: 'targets', path: '/targets/target', ready: (page) => ready(page, '[data-row], li a') },
    {
      name: 'targets-sheet',
      path: '/targets/target?view=sheet',
      ready: (page) => ready(page, '[data-row], li a'),
    },
    { name: 'target', path: `/targets/target/${target}`, ready: (page) => ready(page, 'main h1') },
    {
      name: 'report-completion',
      path: '/reports/targets/target/completion',
      ready: (page) => ready(page, 'main table'),
    },
    {
      name: 'report-completion-year',
      path: '/reports/targets/target/completion?by=month',
      ready: (page) => ready(page, 'main table'),
    },
  ];
}
