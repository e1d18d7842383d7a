import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import type { TextContext } from '../context';
import { makeField, makeOption } from '../make';
import { canEdit, fieldTypes, isFigure, isIdleRate, valueText, writeValue } from '.';
import { regionNames, wayTo } from './region/way';
import { inTreeOrder } from './tree_choice/order';
import { webAddress } from './url';

const field = (type: string, settings: Field['settings'] = {}) => makeField(type, type, { settings });

function context(of: Field, row: Record<string, unknown> = {}): TextContext {
  return {
    field: of,
    row,
    locale: 'zh-CN',
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    label: (texts) => texts?.['zh-CN'] ?? '',
    t: (key) =>
      ({ 'list.separator': '、', 'form.yes': '是', 'form.no': '否', 'field.hidden': '无权查看' })[key] ?? key,
    own: 'CNY',
    region: (code) => (code === '310104' ? '上海市 徐汇区' : code),
  };
}

const options = [
  makeOption('mfg', '制造业'),
  makeOption('auto', '汽车', { parent: 'mfg' }),
  makeOption('old', '旧', { active: false }),
];

describe('values as text', () => {
  const cases: [Field, unknown, string][] = [
    [field('text'), 'a\n b', 'a b'],
    [field('number'), 12345, '12,345'],
    [field('decimal', { digits: 2 }), '1.5', '1.50'],
    [field('money'), '1200.00', '¥1,200.00'],
    [field('percent'), '12.5', '12.5%'],
    [field('date'), '2024-01-05', '2024-01-05'],
    [field('time'), '08:30:00', '08:30'],
    [field('instant'), '2024-01-05T00:00:00Z', '2024-01-05 08:00'],
    [field('switch'), false, '否'],
    [field('switch'), true, '是'],
    [field('choice', { options }), 'mfg', '制造业'],
    [field('choice', { options, many: true }), ['mfg', 'gone'], '制造业、gone'],
    [field('tree_choice', { options }), 'auto', '制造业 / 汽车'],
    [field('reference'), { id: '1', label: '甲' }, '甲'],
    [field('reference'), { id: null, label: null, hidden: true }, '无权查看'],
    [
      field('member', { many: true }),
      [
        { id: '1', label: '李明' },
        { id: '2', label: '王芳' },
      ],
      '李明、王芳',
    ],
    [field('region'), '310104', '上海市 徐汇区'],
    [field('phone', { many: true }), ['021-1', '021-2'], '021-1、021-2'],
    [field('phone'), { masked: '138****1234' }, '138****1234'],
    [field('file'), [{ id: 'f', name: '合同.pdf', size: 1, mime: '' }], '合同.pdf'],
    [field('formula', { result: 'money' }), '5.00', '¥5.00'],
    [field('formula', { result: 'date' }), '2024-01-05', '2024-01-05'],
    [field('rollup', { result: 'number' }), 3, '3'],
    [field('something_new'), 5, '5'],
    [field('money'), null, ''],
    [field('choice', { many: true }), [], ''],
  ];
  it.each(cases)('$type of %j', (of, value, want) => expect(valueText(value, context(of))).toBe(want));

  it('an amount takes the currency of its record', () => {
    expect(valueText('5.00', context(field('money'), { currency: 'USD' }))).toBe('$5.00');
  });

  it('a tree that turns in a circle ends', () => {
    const circle = [makeOption('a', 'A', { parent: 'b' }), makeOption('b', 'B', { parent: 'a' })];
    expect(valueText('a', context(field('tree_choice', { options: circle })))).toContain('A');
  });
});

describe('values as the API takes them', () => {
  const cases: [Field, unknown, unknown][] = [
    [field('text'), 'a', 'a'],
    [field('text'), '', null],
    [field('reference'), { id: '1', label: '甲' }, '1'],
    [field('member', { many: true }), [{ id: '1', label: 'x' }], ['1']],
    [field('member', { many: true }), null, []],
    [field('any_ref'), { id: '1', label: 'x', type: 'crm.customer' }, { type: 'crm.customer', id: '1' }],
    [field('file'), [{ id: 'f', name: 'n', size: 1, mime: '' }], ['f']],
    [field('file'), null, []],
    [field('switch'), false, false],
    [field('number'), 0, 0],
  ];
  it.each(cases)('$type of %j', (of, value, want) => expect(writeValue(of, value)).toEqual(want));
});

it('only what may be written is edited', () => {
  expect(canEdit(field('text'))).toBe(true);
  expect(canEdit({ ...field('text'), access: 'read' })).toBe(false);
  expect(canEdit({ ...field('text'), access: 'masked' })).toBe(false);
  expect(canEdit({ ...field('text'), read_only: true })).toBe(false);
  expect(canEdit(field('formula'))).toBe(false);
  expect(canEdit(field('auto_number'))).toBe(false);
  expect(canEdit(field('something_new'))).toBe(false);
});

it('figures stand right, and a formula as its result', () => {
  expect(isFigure(field('money'))).toBe(true);
  expect(isFigure(field('text'))).toBe(false);
  expect(isFigure(field('formula', { result: 'text' }))).toBe(false);
  expect(isFigure(field('formula'))).toBe(true);
});

it('every type of the contract is known', () => {
  const contract =
    'text long_text rich_text number decimal money percent date time instant switch choice tree_choice reference any_ref member department region phone email url file auto_number formula rollup';
  expect(Object.keys(fieldTypes).sort()).toEqual(contract.split(' ').sort());
});

it('only web addresses become links', () => {
  expect(webAddress('www.example.cn')).toBe('https://www.example.cn');
  expect(webAddress('http://a.cn/x')).toBe('http://a.cn/x');
  expect(webAddress('javascript:alert(1)')).toBeNull();
  expect(webAddress('data:text/html,x')).toBeNull();
  expect(webAddress('not an address')).toBeNull();
});

it('a region knows the way to it', () => {
  const tree = [
    {
      code: '31',
      name: '沪',
      children: [{ code: '3101', name: '沪', children: [{ code: '310104', name: '徐汇' }] }],
    },
  ];
  expect(wayTo(tree, '310104').map((region) => region.code)).toEqual(['31', '3101', '310104']);
  expect(wayTo(tree, '99')).toEqual([]);
});

it('a region is read as people say it', () => {
  const names = regionNames([
    {
      code: '31',
      name: '上海市',
      children: [{ code: '3101', name: '市辖区', children: [{ code: '310104', name: '徐汇区' }] }],
    },
    {
      code: '44',
      name: '广东省',
      children: [{ code: '4403', name: '深圳市', children: [{ code: '440305', name: '南山区' }] }],
    },
    {
      code: '460000',
      name: '海南省',
      children: [{ code: '469000', name: '省直辖', children: [{ code: '469001', name: '五指山市' }] }],
    },
  ]);
  expect(names.get('310104')).toBe('上海市 徐汇区');
  expect(names.get('440305')).toBe('广东省 深圳市 南山区');
  expect(names.get('469001')).toBe('海南省 五指山市');
  expect(names.get('31')).toBe('上海市');
});

it('options of a tree stand under their parents', () => {
  const order = inTreeOrder([
    ...options.slice(0, 2).reverse(),
    makeOption('lost', '', { parent: 'nowhere' }),
  ]);
  expect(order.map(({ option, depth }) => [option.code, depth])).toEqual([
    ['mfg', 0],
    ['auto', 1],
    ['lost', 0],
  ]);
});

it('a rate is idle where the currency is the company’s own', () => {
  const rate = makeField('rate', 'decimal', { settings: { rate_of: 'currency' } });
  const of = (currency?: string) => (key: string) => (key === 'currency' ? currency : undefined);
  expect(isIdleRate(rate, of('CNY'), 'CNY')).toBe(true);
  expect(isIdleRate(rate, of('USD'), 'CNY')).toBe(false);
  expect(isIdleRate(rate, of(undefined), 'CNY')).toBe(false);
  expect(isIdleRate(makeField('price', 'decimal'), of('CNY'), 'CNY')).toBe(false);
});
