import { expect, it } from 'vitest';
import { everyWay, findWays, wayToNode } from './tree';

interface Place {
  id: string;
  name: string;
  children?: Place[];
}

const tree: Place[] = [
  {
    id: '44',
    name: '广东省',
    children: [
      { id: '4403', name: '深圳市', children: [{ id: '440305', name: '南山区' }] },
      { id: '4401', name: '广州市' },
    ],
  },
  {
    id: '23',
    name: '黑龙江省',
    children: [{ id: '2304', name: '鹤岗市', children: [{ id: '230404', name: '南山区' }] }],
  },
];
const spellings = new Map([
  ['广东省', 'guang dong sheng'],
  ['深圳市', 'shen zhen shi'],
  ['南山区', 'nan shan qu'],
  ['广州市', 'guang zhou shi'],
  ['黑龙江省', 'hei long jiang sheng'],
  ['鹤岗市', 'he gang shi'],
]);
const find = (typed: string, leavesOnly = false) =>
  findWays(everyWay(tree), typed, spellings, leavesOnly).map((way) => way.map((node) => node.id).join('/'));

it('knows the way to a place', () => {
  expect(wayToNode(tree, '440305').map((node) => node.id)).toEqual(['44', '4403', '440305']);
  expect(wayToNode(tree, 'x')).toEqual([]);
});

it('finds by words, pinyin and initials, what begins so first', () => {
  expect(find('南山')).toEqual(['44/4403/440305', '23/2304/230404']);
  expect(find('ns')).toEqual(['44/4403/440305', '23/2304/230404']);
  expect(find('guangz')).toEqual(['44/4401']);
  expect(find('guang')).toEqual(['44', '44/4401']);
  expect(find('guang', true)).toEqual(['44/4401']);
  expect(find('xyz')).toEqual([]);
  expect(find(' ')).toEqual([]);
});

it('several words fit places on one way, the last its end', () => {
  expect(find('guangdong ns')).toEqual(['44/4403/440305']);
  expect(find('黑龙江 南山')).toEqual(['23/2304/230404']);
  expect(find('南山 黑龙江')).toEqual([]);
});
