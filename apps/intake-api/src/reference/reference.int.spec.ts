import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';

describe('the published reference', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await givenApi(await testDatabase('reference'))));
  afterAll(() => api.close());

  it('is served to everybody, as it was committed', async () => {
    const answer = await api.send({ target: '/openapi.json' });

    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(answer.text).toBe(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
  });

  it('is a page that may load and run nothing but its own style', async () => {
    const { status, headers, text } = await api.send({ target: '/reference' });
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');

    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['/openapi.json', '/reference'])('%s is read, and nothing else', async (target) => {
    expect(await api.send({ method: 'HEAD', target })).toMatchObject({ status: 200, text: '' });
    expect(await api.send({ method: 'POST', target, body: '{}' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
      body: { success: false, message: 'Method not allowed' },
    });
  });

  it('counts for the backstop of an address', async () => {
    const strict = await givenApi(await testDatabase('reference_strict'), {
      REQUESTS_PER_MINUTE_PER_IP: '1',
    });
    try {
      expect((await strict.send({ target: '/openapi.json' })).status).toBe(200);
      expect((await strict.send({ target: '/reference' })).status).toBe(429);
    } finally {
      await strict.close();
    }
  });
});
