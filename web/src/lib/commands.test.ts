import { describe, expect, it } from 'vitest';
import { type Command, meant } from './commands';
import { score } from './spelling';

const press = (key: string, timeStamp = 0, more = {}) => ({
  key,
  timeStamp,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const commands: Command[] = ['c', 'g c', 'mod+k', '?', 'g h'].map((keys) => ({
  id: keys,
  group: 'general',
  name: keys,
  keys,
  run() {},
}));

describe('keys', () => {
  it('one key, a chord, and one key after another', () => {
    expect(meant(commands, press('c'), null).command?.id).toBe('c');
    expect(meant(commands, press('K', 0, { metaKey: true }), null).command?.id).toBe('mod+k');
    const { first } = meant(commands, press('g'), null);
    expect(meant(commands, press('c', 900), first ?? null).command?.id).toBe('g c');
    expect(meant(commands, press('c', 1600), first ?? null).command?.id).toBe('c');
  });
  it('a key with Ctrl is not the plain one, and Alt is nobody’s', () => {
    expect(meant(commands, press('c', 0, { ctrlKey: true }), null).command).toBeUndefined();
    expect(meant(commands, press('c', 0, { altKey: true }), null).command).toBeUndefined();
  });
});

describe('spelling', () => {
  it.each([
    ['商机', 'shang ji', 'sj', 1],
    ['商机', 'shang ji', 'shangj', 1],
    ['新建商机', 'xin jian shang ji', 'sj', 0.5],
    ['重庆客户', 'zhong/chong qing ke hu', 'cqkh', 1],
    ['重庆客户', 'zhong/chong qing ke hu', "zhong'qing", 1],
    ['客户', 'ke hu', 'kk', 0],
    ['客户', 'ke hu', '客', 3],
    ['我的客户', 'wo de ke hu', '客户', 2],
    ['Contacts', 'contacts', 'tac', 2],
    ['Sales leads', 'sales leads', 'le', 2],
    ['Sales leads', 'sales leads', 'sl', 1],
  ])('%s is found by %s', (label, spelling, typed, want) => {
    expect(score(label, spelling, typed)).toBe(want);
  });
});
