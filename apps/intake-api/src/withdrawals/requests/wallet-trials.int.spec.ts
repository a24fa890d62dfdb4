import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '@sluice/test-servers';
import type { Fact } from '@sluice/withdrawal-core';
import { CatalogueStore } from '../../catalogue/catalogue-store.js';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type ApiAnswer, type TestApi } from '../../testkit/given-api.js';
import { countOf, givenAccount, violationsIn } from '../../testkit/given-intake.js';
import {
  givenWalletTrials,
  giveWalletRoutes,
  HOT,
  ofWallet,
  tellWallets,
} from '../../testkit/given-wallet.js';
import { anEvent } from '../../testkit/inbound-events.js';

const HASH = '0x5e2f0f4c8f9f3c1d2b7a6e5d4c3b2a19080706050403020100ffeeddccbbaa99';
const ON_BSC = { currency: 'USDT', network: 'BSC', to_address: ADDRESS, amount: '50' };
const ON_ETH = { ...ON_BSC, network: 'ETH' };
const REFUSED = {
  status: 502,
  body: { success: false, message: 'Failed to broadcast withdrawal transaction' },
};
const REQUEST = '/v1/withdrawals';
const PREVIEW = `${REQUEST}/preview`;

describe('a transfer of our own wallet, before its hold', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let connector: Awaited<ReturnType<typeof givenWalletTrials>>;
  let api: TestApi;
  let key: { keyId: string; secret: string };
  let available = '1000';
  let nonce = 0;
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) => (target.endsWith('/signers') ? [] : [{ available }]));
    connector = await givenWalletTrials();
    api = await givenApi(await testDatabase('intake'), {
      LEDGER_URL: ledger.url,
      CONNECTOR_EVM_URL: connector.url,
    });
    await giveWalletRoutes(api.database);
    key = await api.createKey(await givenAccount(api.database), [
      ...(['withdraw', 'read_withdrawal_status'] as const),
    ]);
    const wallets = ['ETH', 'BSC'].map(
      (network) => ({ network, address: HOT, purpose: 'hot' }) as const,
    );
    await tellWallets(api, wallets);
  });
  beforeEach(() => {
    available = '1000';
    connector.asked.length = 0;
    connector.wallet.reply = () => 'works';
  });
  afterAll(async () => {
    await api.close();
    await Promise.all([ledger.close(), connector.close()]);
  });

  const send = async (target: string, body: object) => {
    const answer = await api.post(target, body, { key });
    return { status: answer.status, body: answer.body };
  };
  const written = () =>
    Promise.all(
      ['withdrawal', 'withdrawal_step', 'outbox'].map((table) => countOf(api.database, table)),
    );
  /** The ledger holds it, and the wallet broadcasts it. */
  async function paid(reference: string): Promise<void> {
    const id = await api.recorded(reference);
    const venueReference = `BSC:${HOT}:${++nonce}`;
    const accepted: Fact = { trigger: 'accepted', venueReference, txHash: HASH };
    for (const fact of ['hold_placed', accepted, { trigger: 'broadcast', txHash: HASH }] as const)
      await api.saga.take([ofWallet(id, fact)]);
  }
  async function taken(body: { readonly client_reference: string }) {
    const answering = send(REQUEST, body);
    await paid(body.client_reference);
    return answering;
  }
  const BROADCAST = { status: 200, body: { data: { status: 'broadcasted', tx_hash: HASH } } };

  it.each(['USDT', 'BNB'])(
    'of %s that its chain refuses is refused in the contract’s words, with nothing written and its reference free',
    async (currency) => {
      const body = { ...ON_BSC, currency, amount: '5', client_reference: randomUUID() };
      const before = await written();
      connector.wallet.reply = () => 'refused';

      for (const target of [REQUEST, PREVIEW]) expect(await send(target, body)).toEqual(REFUSED);

      expect(connector.asked).toEqual(
        [1, 2].map(() => ({
          account_id: expect.any(String) as string,
          asset: `${currency}.BSC`,
          to_address: ADDRESS.toLowerCase(),
          amount: '5',
        })),
      );
      expect(await written()).toEqual(before);
      connector.wallet.reply = () => 'works';
      expect(await taken(body)).toMatchObject(BROADCAST);
    },
  );

  it('hurts no other item of its batch', async () => {
    const items = [ON_BSC, { ...ON_BSC, amount: '6' }].map((item) => ({
      ...item,
      client_reference: randomUUID(),
    }));
    connector.wallet.reply = () => (connector.asked.at(-1)?.amount === '6' ? 'refused' : 'works');
    const answering = api.post('/v1/withdrawals/batch', { withdrawals: items }, { key });
    await paid(items[0]?.client_reference ?? '');

    const { data } = JSON.parse((await answering).text) as { data: readonly object[] };
    expect(data).toMatchObject([
      { status_code: 200, data: { tx_hash: HASH } },
      { status_code: 502, message: REFUSED.body.message, data: null },
    ]);
  });

  it('that the account could not pay is told so first, as before', async () => {
    connector.wallet.reply = () => 'refused';
    available = '50';
    for (const target of [REQUEST, PREVIEW])
      expect(await send(target, ON_BSC)).toMatchObject({
        status: 400,
        body: { message: 'Insufficient available balance for this withdrawal' },
      });
  });

  it('that was taken once is answered again, whatever its chain says since, and is not tried', async () => {
    const body = { ...ON_BSC, client_reference: randomUUID() };
    await taken(body);
    connector.asked.length = 0;
    connector.wallet.reply = () => 'refused';

    expect(await send(REQUEST, body)).toMatchObject(BROADCAST);
    expect(await send(PREVIEW, body)).toMatchObject({
      status: 200,
      body: { data: { withdrawal_id: expect.any(Number) as number } },
    });
    expect(await send(REQUEST, { ...body, amount: '51' })).toMatchObject({
      status: 409,
      body: { message: 'client_reference was already used with different parameters' },
    });
    expect(connector.asked).toEqual([]);
  });

  it('that another request has made during the trial is answered as its repeat', async () => {
    const body = { ...ON_BSC, client_reference: randomUUID() };
    const late = Promise.withResolvers<'refused'>();
    connector.wallet.reply = () => late.promise;
    const refused = send(REQUEST, body);
    while (connector.asked.length === 0) await sleep(5);
    connector.wallet.reply = () => 'works';

    await taken(body);
    late.resolve('refused');

    expect(await refused).toMatchObject(BROADCAST);
  });

  it.each(['unknown', 'an error', 'that our key is unknown', 'no outcome', 'silence'] as const)(
    'goes on where the answer is %s: the connector tries it again before it signs',
    async (reply) => {
      connector.wallet.reply = () => reply;
      const body = { ...ON_BSC, client_reference: randomUUID() };

      expect(await send(PREVIEW, body)).toMatchObject({ status: 200 });
      expect(await taken(body)).toMatchObject(BROADCAST);

      expect(connector.asked).toHaveLength(2);
    },
    30_000,
  );

  it('goes on where the connector is away', async () => {
    const other = await givenApi(await testDatabase('other'), {
      LEDGER_URL: ledger.url,
      CONNECTOR_EVM_URL: 'http://127.0.0.1:1',
    });
    await giveWalletRoutes(other.database);
    await tellWallets(other, [{ network: 'BSC', address: HOT, purpose: 'hot' }]);
    const of = await other.createKey(await givenAccount(other.database), ['withdraw']);
    const body = JSON.stringify(ON_BSC);

    const answer = await other.send({ method: 'POST', target: PREVIEW, key: of, body });

    expect(answer).toMatchObject({ status: 200, body: { data: { venue: 'wallet' } } });
    await other.close();
  });

  it('is not tried where another venue may pay it, and is where the request names the wallet', async () => {
    const place = async (position: number) => {
      await api.database.query(
        `UPDATE route SET position = $1 WHERE venue = 'wallet' AND network = 'ETH'`,
        [position],
      );
      api.app.get(CatalogueStore).clear();
    };
    await place(0);
    connector.wallet.reply = () => 'refused';

    expect(await send(PREVIEW, ON_ETH)).toMatchObject({
      status: 200,
      body: { data: { venue: 'wallet' } },
    });
    const body = { ...ON_ETH, client_reference: randomUUID() };
    const answering: Promise<Pick<ApiAnswer, 'status' | 'body'>> = send(REQUEST, body);
    await paid(body.client_reference);
    expect(await answering).toMatchObject({ status: 200 });
    expect(connector.asked).toEqual([]);
    expect(await send(REQUEST, { ...ON_ETH, venue: 'wallet' })).toEqual(REFUSED);

    await place(9);
    const other = { ...ON_ETH, client_reference: randomUUID() };
    const atVenue = send(REQUEST, other);
    await api.saga.take([anEvent(await api.recorded(other.client_reference), 'hold_placed')]);
    expect(await atVenue).toMatchObject({ status: 200, body: { data: { venue: 'gateio' } } });
    expect(connector.asked).toHaveLength(1);
  });

  it('leaves nothing that an invariant would find', async () => {
    expect(await violationsIn(api)).toEqual([]);
  });
});
