import { afterEach, describe, expect, it, vi } from 'vitest';
import { records } from './data';

afterEach(() => vi.unstubAllGlobals());

describe('an action', () => {
  it('sends its input beside the version, as the document of the API says', async () => {
    const sent: { path: string; body: unknown }[] = [];
    vi.stubGlobal('fetch', async (path: string, request: RequestInit) => {
      sent.push({ path, body: JSON.parse(String(request.body)) });
      return new Response('{"id":"R1","version":4}', { status: 200 });
    });
    await records.act('crm.customer', 'R1', 'transfer', { owner: 'M1' }, 3);
    expect(sent).toEqual([
      { path: '/api/v1/records/crm.customer/R1/actions/transfer', body: { owner: 'M1', version: 3 } },
    ]);
  });
});
