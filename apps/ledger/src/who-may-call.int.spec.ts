import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { newServiceKey, type RoutesDocument, wrongAnswers } from '@sluice/test-servers';
import { givenLedger, type TestLedger } from './testkit/given-ledger.js';
import { givenLedgerApp } from './testkit/given-ledger-app.js';

const KEY = newServiceKey();

describe('the admin API of the ledger', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  beforeAll(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger, { SERVICE_CALLERS: `{"intake-api":[${KEY.publicKey}]}` });
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
  });

  const tokenFor = (called: string, key = KEY): Promise<string> => {
    const now = (): Date => ledger.database.clock.now();
    return new ServiceCredential('intake-api', called, new Secret(key.privateKey), now).token();
  };

  it('lets in whom each route names, and nobody else', async () => {
    const document = (await app.ask('GET', '/internal/openapi.json')).body as RoutesDocument;
    const { asked, wrong } = await wrongAnswers(document, app.issuer, app.statusOf, {
      'intake-api': await tokenFor('ledger'),
    });

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });

  it('does not believe what intake-api shows another service, nor another key', async () => {
    const balances = '/internal/accounts/00000000-0000-4000-8000-000000000000/balances';
    for (const token of [
      await tokenFor('connector-gateio'),
      await tokenFor('ledger', newServiceKey()),
    ])
      expect(await app.statusOf('GET', balances, token)).toBe(401);
  });

  it('says which role is missing', async () => {
    const audrey = app.issuer.tokenOf('audrey');
    expect(await app.ask('POST', '/internal/accounts', {}, audrey)).toEqual({
      status: 403,
      body: {
        success: false,
        message: 'audrey may not do this: it takes the role administer',
      },
    });
  });
});
