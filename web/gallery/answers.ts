// What the server would say, for the components that ask it.
import type { Me, Meta } from '@/api/types';
import { makeEntity, makeField } from '@/meta/make';

const titled = (name: string, zh: string, en: string) =>
  makeEntity([makeField('name', 'text')], {
    name,
    label: { 'zh-CN': zh, en },
    plural: { 'zh-CN': zh, en },
    ops: ['read', 'create', 'update', 'delete'],
  });

export const meta = {
  entities: {
    'crm.customer': titled('crm.customer', '客户', 'Customer'),
    'org.member': titled('org.member', '成员', 'Member'),
    'org.department': titled('org.department', '部门', 'Department'),
  },
  menu: [],
  company: { name: '上海恒远工业科技有限公司', currency: 'CNY', zone: 'Asia/Shanghai' },
} as unknown as Meta;

export const me = { id: '1', name: '李明', login: 'liming', zone: 'Asia/Shanghai' } as unknown as Me;

const people = ['李明', '王芳', '张伟', '刘洋', '陈静', '欧阳修远', 'Anna Lee'];
const customers = ['招商银行股份有限公司上海徐汇支行', '宁波舟山港集团有限公司', '青岛海尔智家股份有限公司'];
const departments = ['销售一部', '销售二部', '客户服务部', '财务部'];
const regions = [
  {
    code: '31',
    name: '上海市',
    children: [
      {
        code: '3101',
        name: '市辖区',
        children: [
          { code: '310104', name: '徐汇区' },
          { code: '310115', name: '浦东新区' },
        ],
      },
    ],
  },
  {
    code: '44',
    name: '广东省',
    children: [
      { code: '4403', name: '深圳市', children: [{ code: '440305', name: '南山区' }] },
      { code: '4401', name: '广州市', children: [{ code: '440106', name: '天河区' }] },
    ],
  },
];

const rows = (names: string[]) => ({
  items: names.map((name, i) => ({ id: String(i + 1), name })),
  has_more: false,
});

/** Stands in for fetch. What is not known is never answered: the waiting is shown. */
export async function answer(input: RequestInfo | URL): Promise<Response> {
  const url = String(input);
  const known: [RegExp, unknown][] = [
    [/records\/org\.member/, rows(people)],
    [/records\/org\.department/, rows(departments)],
    [/records\/crm\.customer/, rows(customers)],
    [/regions/, { items: regions }],
  ];
  const found = known.find(([path]) => path.test(url));
  if (!found) return new Promise(() => {});
  return new Response(JSON.stringify(found[1]), { headers: { 'Content-Type': 'application/json' } });
}
