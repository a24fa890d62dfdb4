import { type RoutesDocument, testDatabase, wrongAnswers } from '@sluice/test-servers';
import { givenApi, type TestApi } from './testkit/given-api.js';

describe('the admin API of intake-api', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await givenApi(await testDatabase('intake'))));
  afterAll(() => api.close());

  it('lets in whom each route names, and nobody else', async () => {
    const { text } = await api.send({ target: '/internal/openapi.json' });
    const { asked, wrong } = await wrongAnswers(
      JSON.parse(text) as RoutesDocument,
      api.issuer,
      async (method, target, token = '') => {
        const headers = { authorization: token === '' ? '' : `Bearer ${token}` };
        return (await api.send({ method, target, headers })).status;
      },
    );

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(80);
  });
});
