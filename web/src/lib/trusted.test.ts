import { expect, it } from 'vitest';
import { isOwnScript } from './trusted';

it.each([
  ['/sw.js', true],
  ['/deep/sw.js', false],
  ['/assets/pdf.worker.min-a1B2.mjs', true],
  ['https://crm.example.cn/assets/chunk-1.js', true],
  ['https://elsewhere.example/assets/chunk-1.js', false],
  ['//elsewhere.example/assets/a.js', false],
  ['/api/v1/files/0ABC', false],
  ['/assets/../api/v1/files/0ABC.js', false],
  ['/assets/a.js%2f..%2f..', false],
  ['blob:https://crm.example.cn/1', false],
  ['data:text/javascript,1', false],
  ['javascript:alert(1)', false],
])('a script at %s is ours: %s', (url, isOurs) => {
  expect(isOwnScript(url, 'https://crm.example.cn/crm/customer')).toBe(isOurs);
});
