import { randomUUID } from 'node:crypto';
import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import type { Fact } from '@sluice/withdrawal-core';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import {
  countCases,
  countOf,
  givenAccount,
  published,
  violationsIn,
} from '../testkit/given-intake.js';
import { giveWalletRoutes, HOT, ofWallet, tellWallets } from '../testkit/given-wallet.js';
import { anEvent, holdAssigned, type FactTrigger } from '../testkit/inbound-events.js';

const HASH = '0x5e2f0f4c8f9f3c1d2b7a6e5d4c3b2a19080706050403020100ffeeddccbbaa99';
const OTHER_HASH = '0x6f2f0f4c8f9f3c1d2b7a6e5d4c3b2a19080706050403020100ffeeddccbbaa99';
const ON_BSC = { currency: 'USDT', network: 'BSC', to_address: ADDRESS, amount: '50' };
const ON_ETH = { ...ON_BSC, network: 'ETH' };

const WALLETS = ['ETH', 'BSC'].map(
  (network) => ({ network, address: HOT, purpose: 'hot' }) as const,
);
const ACCEPTED: Fact = { trigger: 'accepted', venueReference: `BSC:${HOT}:7`, txHash: HASH };
const BROADCAST: Fact = { trigger: 'broadcast', txHash: HASH };
const SETTLED: Fact = {
  trigger: 'settled',
  txHash: HASH,
  venueFee: null,
  confirmations: 15,
  blockNumber: '44034567',
};
const NO_FUNDS: Fact = {
  trigger: 'refused',
  reason: 'insufficient_venue_funds',
  message: 'not enough there',
};

describe('withdrawals that our own wallet pays', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let hasty: TestApi;
  let key: { keyId: string; secret: string };
  let nonce = 0;
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) =>
      target.endsWith('/signers') ? [] : [{ available: '1000' }],
    );
    const url = await testDatabase('intake');
    api = await givenApi(url, { LEDGER_URL: ledger.url });
    hasty = await givenApi(url, testValues({ holdTimeoutMs: 2000 }));
    await giveWalletRoutes(api.database);
    key = await api.createKey(await givenAccount(api.database), [
      ...(['withdraw', 'read_withdrawal_status', 'list_transactions'] as const),
    ]);
    await tellWallets(api, WALLETS);
  });
  afterEach(() => placeWallet(9));
  afterAll(async () => {
    await Promise.all([api.close(), hasty.close()]);
    await ledger.close();
  });

  const post = (body: object, headers: Record<string, string> = {}, at = api): Promise<ApiAnswer> =>
    at.post('/v1/withdrawals', body, { key, headers });
  const get = async (target: string) => (await api.send({ target, key })).body.data;
  const tell = async (id: string, ...facts: readonly (Fact | FactTrigger)[]): Promise<void> => {
    for (const fact of facts) await api.saga.take([ofWallet(id, fact)]);
  };
  /** One that the wallet has broadcast, under a nonce of its own. */
  async function broadcast(): Promise<{ id: string; number: number }> {
    const reference = randomUUID();
    const answering = post({ ...ON_BSC, client_reference: reference });
    const id = await api.recorded(reference);
    const accepted = { ...ACCEPTED, venueReference: `BSC:${HOT}:${++nonce + 100}` } as Fact;
    await tell(id, 'hold_placed', accepted, BROADCAST);
    return { id, number: Number((await answering).body.data['withdrawal_id']) };
  }
  const rowOf = async (id: string) =>
    (
      await api.database.query(
        'SELECT state, venue, tried, tx_hash, confirmations, block_number::text FROM withdrawal WHERE id = $1',
        [id],
      )
    )[0];
  const commands = async (id: string) =>
    (await published(api.database, id)).flatMap(({ topic, type, data }) =>
      /^withdrawal\.|place-hold/.test(type) ? [] : [[topic, type, data['venue'] ?? null]],
    );
  /** Behind the venues, or before them (0), as an operator may set it. */
  const placeWallet = async (position: number): Promise<void> => {
    await api.database.query(
      `UPDATE route SET position = $1 WHERE venue = 'wallet' AND network = 'ETH'`,
      [position],
    );
    api.app.get(CatalogueStore).clear();
  };

  it('are answered when they are broadcast, with the hash, in the shape of a submission', async () => {
    const reference = randomUUID();
    const answering = post({ ...ON_BSC, client_reference: reference });
    const id = await api.recorded(reference);
    await tell(id, 'hold_placed');
    await tell(id, ACCEPTED); // the venue has it, and it is not on the chain yet
    await tell(id, BROADCAST);

    expect(await answering).toMatchObject({ status: 200, body: { success: true, message: 'OK' } });
    expect((await answering).body.data).toEqual({
      withdrawal_id: expect.any(Number) as number,
      status: 'broadcasted',
      stage: 'awaiting_confirmations',
      tx_hash: HASH,
      network: 'BSC',
      currency: 'USDT',
      to_address: ADDRESS,
      amount_decimal: '50.000000000000000000',
      fee_decimal: '0.550000000000000000',
      venue: 'wallet',
    });
    expect(await commands(id)).toEqual([
      ['venue.wallet.commands', 'venue.submit-withdrawal.v1', null],
    ]);
    const replay = await post({ ...ON_BSC, client_reference: reference });
    expect(replay).toMatchObject({
      status: 200,
      body: { data: { status: 'broadcasted', tx_hash: HASH, confirmations: null } },
    });
  });

  it('are answered at once when people have to approve them', async () => {
    const body = { ...ON_BSC, client_reference: randomUUID() };
    const answering = post(body);
    const id = await api.recorded(body.client_reference);
    await tell(id, 'approval_asked');

    expect(await answering).toMatchObject({
      status: 200,
      body: { data: { status: 'pending', stage: 'awaiting_approval', tx_hash: null } },
    });
    expect(await commands(id)).toEqual([]);
  });

  it('are answered with 504 when the time is over, and their repeats with the row as it is', async () => {
    const body = { ...ON_BSC, client_reference: randomUUID() };
    const answering = post(body, {}, hasty);
    const id = await api.recorded(body.client_reference);
    await tell(id, 'hold_placed', { trigger: 'outcome_unknown', cause: 'no node has answered' });

    expect(await answering).toMatchObject({
      status: 504,
      body: { message: 'Withdrawal submission is still in progress' },
    });
    expect(await post(body)).toMatchObject({
      status: 200,
      body: { data: { status: 'pending', stage: 'verifying_submission', tx_hash: null } },
    });
    const waiting = post(body, { prefer: 'wait=30' });
    await tell(id, { ...ACCEPTED, venueReference: `BSC:${HOT}:8` }, BROADCAST);
    expect((await waiting).body.data).toMatchObject({ status: 'broadcasted', tx_hash: HASH });
  });

  it('are answered with 502 when the wallet refuses for good and no venue follows', async () => {
    const body = { ...ON_BSC, client_reference: randomUUID() };
    const answering = post(body);
    const id = await api.recorded(body.client_reference);
    await tell(id, 'hold_placed', NO_FUNDS, 'hold_released');

    const answer = await answering;
    expect([answer.status, answer.body]).toEqual([
      502,
      {
        success: false,
        message: 'Failed to broadcast withdrawal transaction',
        data: {
          withdrawal_id: expect.any(Number) as number,
          error_code: 'broadcast_rejected',
          error_message: 'The payment was refused before it was broadcast',
        },
      },
    ]);
    expect(await post(body)).toMatchObject({ status: 200, body: { data: { status: 'failed' } } });
  });

  it('go on to a venue behind the wallet on its proof, and are then answered as that venue’s are', async () => {
    await placeWallet(0);
    const body = { ...ON_ETH, client_reference: randomUUID() };
    const answering = post(body);
    const id = await api.recorded(body.client_reference);
    await tell(id, 'hold_placed', NO_FUNDS);

    expect(await answering).toMatchObject({
      status: 200,
      body: { data: { status: 'pending', stage: 'awaiting_venue', venue: 'gateio' } },
    });
    await api.saga.take([
      holdAssigned(id, 'gateio'),
      anEvent(id, 'accepted'),
      anEvent(id, 'settled'),
      anEvent(id, 'hold_captured'),
    ]);
    expect(await rowOf(id)).toMatchObject({
      state: 'completed',
      venue: 'gateio',
      tried: ['wallet'],
    });
    expect(await commands(id)).toEqual([
      ['venue.wallet.commands', 'venue.submit-withdrawal.v1', null],
      ['ledger.commands', 'ledger.assign-hold.v1', 'gateio'],
      ['venue.gateio.commands', 'venue.submit-withdrawal.v1', null],
      ['ledger.commands', 'ledger.capture-hold.v1', 'gateio'],
      ['ledger.commands', 'ledger.record-venue-fee.v1', 'gateio'],
    ]);
  });

  it('may be what a venue before the wallet has refused, on its proof alone', async () => {
    const body = { ...ON_ETH, client_reference: randomUUID() };
    const answering = post(body);
    const id = await api.recorded(body.client_reference);
    await api.saga.take([anEvent(id, 'hold_placed')]);
    expect((await answering).body.data).toMatchObject({ status: 'pending', venue: 'gateio' });

    const refused = anEvent(id, 'refused');
    await api.saga.take([{ ...refused, change: { ...refused.change, proof: undefined } as never }]);
    expect(await rowOf(id)).toMatchObject({ state: 'submitting', venue: 'gateio' });
    await api.saga.take([anEvent(id, 'refused'), holdAssigned(id, 'wallet')]);
    const accepted = { ...ACCEPTED, venueReference: `ETH:${HOT}:1` } as Fact;
    await tell(id, accepted, BROADCAST, SETTLED, 'hold_captured');

    expect(await rowOf(id)).toMatchObject({
      state: 'completed',
      venue: 'wallet',
      tried: ['gateio'],
    });
    expect(await commands(id)).toEqual([
      ['venue.gateio.commands', 'venue.submit-withdrawal.v1', null],
      ['ledger.commands', 'ledger.assign-hold.v1', 'wallet'],
      ['venue.wallet.commands', 'venue.submit-withdrawal.v1', null],
      ['ledger.commands', 'ledger.capture-hold.v1', 'wallet'],
    ]);
  });

  it('are none while no wallet is known: the route goes on without it, and where it is alone the answer is the contract’s', async () => {
    await tellWallets(api, []);
    const before = await countOf(api.database, 'withdrawal');
    for (const body of [ON_BSC, { ...ON_ETH, venue: 'wallet' }])
      for (const target of ['/v1/withdrawals', '/v1/withdrawals/preview'])
        expect(await api.post(target, body, { key })).toMatchObject({
          status: 502,
          body: { success: false, message: 'No hot wallet configured for this network' },
        });
    expect(await countOf(api.database, 'withdrawal')).toBe(before);

    const body = { ...ON_ETH, client_reference: randomUUID() };
    const answering = post(body);
    const id = await api.recorded(body.client_reference);
    await api.saga.take([anEvent(id, 'hold_placed')]);
    await api.saga.take([anEvent(id, 'refused')]);
    expect((await answering).body.data).toMatchObject({ venue: 'gateio' });
    expect(await rowOf(id)).toMatchObject({ state: 'releasing', venue: 'gateio', tried: [] });
    expect(
      await api.database.query(
        `SELECT detail FROM withdrawal_step WHERE withdrawal_id = $1 AND trigger = 'refused'`,
        [id],
      ),
    ).toEqual([{ detail: expect.stringContaining('wallet: no_wallet') as string }]);
    await tellWallets(api, WALLETS);
  });

  it.each<[string, object, number, string]>([
    [
      'a memo',
      { destination: { type: 'address', address: ADDRESS, memo: '7' }, to_address: undefined },
      422,
      'destination.memo: A transfer on this network has no memo',
    ],
    [
      'an account of a venue',
      {
        destination: { type: 'venue_account', kind: 'uid', value: '12345678' },
        to_address: undefined,
      },
      422,
      'destination: No venue of this route can pay a destination of this type',
    ],
    [
      'more decimals than the token has',
      { amount: '50.0000000000000000001' },
      422,
      'amount: Decimal input should have no more than 18 decimal places',
    ],
    [
      'an address of our own',
      { to_address: HOT },
      400,
      'This address is a paying address of the gateway',
    ],
    [
      'less than the smallest amount',
      { amount: '1.999999' },
      400,
      'Withdrawal amount is below the minimum allowed',
    ],
  ])('refuse %s before anything is held', async (_what, change, status, message) => {
    const before = [
      await countOf(api.database, 'withdrawal'),
      await countOf(api.database, 'outbox'),
    ];

    for (const target of ['/v1/withdrawals', '/v1/withdrawals/preview'])
      expect(await api.post(target, { ...ON_BSC, ...change }, { key })).toMatchObject({
        status,
        body: { success: false, message },
      });

    expect([
      await countOf(api.database, 'withdrawal'),
      await countOf(api.database, 'outbox'),
    ]).toEqual(before);
  });

  it('are previewed with their price and the wallet as their venue', async () => {
    const body = JSON.stringify({ ...ON_BSC, amount: '2.000000000000000001' });
    const preview = await api.send({
      method: 'POST',
      target: '/v1/withdrawals/preview',
      key,
      body,
    });

    expect(preview.body.data).toMatchObject({
      venue: 'wallet',
      amount: '2.000000000000000001',
      fee: '0.502000000000000001',
      total: '2.502000000000000002',
      expected_at: null,
    });
  });

  it('may be items of a batch, each of which waits for its own hash', async () => {
    const references = [randomUUID(), randomUUID(), randomUUID()];
    const items = references.map((client_reference, index) => ({
      ...ON_BSC,
      client_reference,
      amount: index === 1 ? '0.000001' : '50',
    }));
    const answering = api.post('/v1/withdrawals/batch', { withdrawals: items }, { key });
    for (const reference of [references[0] ?? '', references[2] ?? '']) {
      const accepted = { ...ACCEPTED, venueReference: `BSC:${HOT}:${++nonce + 100}` } as Fact;
      await tell(await api.recorded(reference), 'hold_placed', accepted, BROADCAST);
    }

    const results = JSON.parse((await answering).text) as { data: readonly object[] };
    expect(results.data).toMatchObject([
      { status_code: 200, data: { status: 'broadcasted', tx_hash: HASH } },
      { status_code: 400, message: 'Withdrawal amount is below the minimum allowed' },
      { status_code: 200, data: { status: 'broadcasted', tx_hash: HASH } },
    ]);
  });

  it('show block and confirmations once they are final, everywhere', async () => {
    const { id, number } = await broadcast();
    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({
      status: 'broadcasted',
      tx_hash: HASH,
      confirmations: null,
      block_number: null,
    });
    await tell(id, { trigger: 'broadcast', txHash: OTHER_HASH });
    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({ tx_hash: OTHER_HASH });

    await tell(id, SETTLED, 'hold_captured');

    const inBlock = { confirmations: 15, block_number: 44034567 };
    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({
      status: 'confirmed',
      tx_hash: HASH,
      ...inBlock,
    });
    const steps = (await get(`/v1/withdrawals/${number}/timeline`)) as unknown;
    expect(steps).toMatchObject([
      { event: 'requested', confirmations: null },
      { event: 'hold_placed' },
      { event: 'accepted' },
      { event: 'broadcast', tx_hash: HASH, block_number: null },
      {
        event: 'settled',
        evidence: expect.stringContaining('block 44034567') as string,
        ...inBlock,
      },
      { event: 'hold_captured', confirmations: null },
    ]);
    expect((await get('/v1/transactions?limit=1')) as unknown).toMatchObject([
      { id: number, direction: 'withdrawal', from_address: HOT, tx_hash: HASH, ...inBlock },
    ]);
    const reported = await published(api.database, id);
    expect(reported.find(({ type }) => type === 'withdrawal.completed.v1')?.data).toMatchObject({
      txHash: HASH,
      confirmations: 15,
      blockNumber: '44034567',
    });
    expect(
      reported.find(({ type }) => type === 'withdrawal.broadcast.v1')?.data,
    ).not.toHaveProperty('blockNumber');
    expect(await countCases(api.database, id)).toBe(0);
  });

  it('are cancelled by a replacement, which is believed when it is final', async () => {
    const { id, number } = await broadcast();
    const cancel = () => api.send({ method: 'DELETE', target: `/v1/withdrawals/${number}`, key });

    expect(await cancel()).toMatchObject({
      status: 200,
      body: { data: { status: 'broadcasted', cancel: { status: 'requested' } } },
    });
    await tell(id, { trigger: 'cancelled', reason: 'cancelled', message: 'a void took its nonce' });
    expect((await commands(id)).slice(1)).toEqual([
      ['venue.wallet.commands', 'venue.cancel-withdrawal.v1', null],
      ['ledger.commands', 'ledger.release-hold.v1', null],
    ]);
    await tell(id, 'hold_released');

    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({
      status: 'cancelled',
      error_code: null,
      cancel: { status: 'done' },
    });
  });

  it('are paid all the same when the payment is final first', async () => {
    const { id, number } = await broadcast();
    await api.send({ method: 'DELETE', target: `/v1/withdrawals/${number}`, key });

    await tell(id, SETTLED, 'hold_captured');

    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({
      status: 'confirmed',
      tx_hash: HASH,
      cancel: { status: 'refused', message: 'It was paid before it could be stopped' },
    });
    expect(
      await api.send({ method: 'DELETE', target: `/v1/withdrawals/${number}`, key }),
    ).toMatchObject({ status: 409 });
  });

  it('fail where the transaction has failed on the chain, and go nowhere else', async () => {
    const { id, number } = await broadcast();

    await tell(id, { trigger: 'failed', reason: 'reverted', message: 'reverted in block 7' });
    await tell(id, 'hold_released');

    expect(await get(`/v1/withdrawals/${number}`)).toMatchObject({
      status: 'failed',
      error_code: 'venue_rejected',
      tx_hash: HASH,
      block_number: null,
    });
    expect(await rowOf(id)).toMatchObject({ tried: [] });
  });

  it('leave nothing that an invariant would find', async () => {
    expect(await violationsIn(api)).toEqual([]);
  });
});
