import { expect, it } from 'vitest';
import { nameIn } from './download';

it('reads the name of a document', () => {
  expect(nameIn("attachment; filename*=utf-8''%E6%8A%A5%E4%BB%B7%E5%8D%95%20Q-1.pdf")).toBe('报价单 Q-1.pdf');
  expect(nameIn('inline; filename="Quote Q-1.pdf"')).toBe('Quote Q-1.pdf');
  expect(nameIn('attachment; filename=plain.pdf')).toBe('plain.pdf');
  expect(nameIn("attachment; filename*=utf-8''%E6%8")).toBe('');
  expect(nameIn('')).toBe('');
});
