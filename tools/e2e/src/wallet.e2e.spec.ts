import type { ChainBook, ChainNetwork } from '@sluice/stack';
import type { Address } from 'viem';
import { eventually } from '@sluice/test-kit';
import {
  freshAddress,
  numberOf,
  recipientOf,
  toAddress,
  type Body,
  type Customer,
} from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

/** Blocks come by the clock, and final is four of them deep. */
const FINAL_MS = 60_000;

describe('our own wallet', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let books: Readonly<Record<ChainNetwork, ChainBook>>;
  beforeAll(async () => {
    sluice = await TestSystem.start('wallet');
    customer = await sluice.customer();
    await customer.fund('100', 'ETH', 'ETH');
    await customer.fund('100000', 'USDT', 'BSC');
    books = sluice.chainBooks;
  });
  afterEach(() => sluice.proveBooks());
  afterAll(() => sluice.stop());

  const fromWallet = (change: object = {}): Body => toAddress({ venue: 'wallet', ...change });

  const paidTo = async (network: ChainNetwork, body: Body) =>
    (await books[network].payments()).filter(
      ({ destination }) => destination.toLowerCase() === recipientOf(body).toLowerCase(),
    );

  describe.each<[string, ChainNetwork, object]>([
    ['the coin of its chain', 'ETH', { currency: 'ETH', amount: '0.25' }],
    ['a token that returns nothing', 'ETH', { currency: 'USDT', amount: '12.5' }],
    ['a token of 18 decimals', 'BSC', { currency: 'USDT', network: 'BSC', amount: '12.5' }],
  ])('pays %s', (_what, network, change) => {
    it('is answered with its hash when the chain has it, and the recipient gets exactly the amount, once', async () => {
      const body = fromWallet(change);

      const posted = await customer.post(body);

      expect(posted).toMatchObject({
        status: 200,
        data: { status: 'broadcasted', tx_hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
      });
      const done = await customer.reaches(numberOf(posted), ['completed', 'failed'], FINAL_MS);
      expect(done).toMatchObject({ state: 'completed', venue: 'wallet' });
      expect(await paidTo(network, body)).toMatchObject([
        { id: posted.data['tx_hash'], net_amount: expect.stringMatching(/^\d/) },
      ]);
      const entries = await sluice.admin.ledger.entriesOf(done.id);
      expect(
        entries.find(({ kind }) => kind === 'capture')?.postings.map(({ account }) => account),
      ).toContain(`hot-wallet:${network}`);
    });
  });

  describe('whose blocks come one by one', () => {
    const every = (interval: number) => books.ETH.chain.client.setIntervalMining({ interval });
    beforeEach(() => every(0));
    afterEach(() => every(1));

    it('shows its confirmations counting up in each, until it is final', async () => {
      const { chain } = books.ETH;
      const list = await customer.withAnotherKey({ permissions: ['list_transactions'] });
      const posted = await customer.post(fromWallet({ currency: 'ETH', amount: '0.0321' }));
      const number = numberOf(posted);
      const shows = (expected: object) =>
        eventually(async () => expect((await customer.get(number)).data).toMatchObject(expected), {
          withinMs: FINAL_MS,
        });
      await shows({ status: 'broadcasted', confirmations: null, block_number: null });
      const block = Number(await chain.head()) + 1;
      for (const confirmations of [1, 2, 3]) {
        await chain.mine();
        await shows({ status: 'broadcasted', confirmations, block_number: block });
      }
      const { text } = await list.send({ target: '/v1/transactions?limit=1' });
      expect(JSON.parse(text)).toMatchObject({ data: [{ confirmations: 3, block_number: block }] });

      await chain.mine(2);
      await shows({ status: 'confirmed', block_number: block });
      const { data } = await customer.get(number);
      expect(data['confirmations']).toBeGreaterThanOrEqual(4);
    });
  });

  it('refuses what a recipient would revert before anything is held, and the reference stays free', async () => {
    const contract = freshAddress();
    const reverts = '0x60006000fd';
    await books.ETH.chain.client.setCode({ address: contract as Address, bytecode: reverts });
    const body = fromWallet({ currency: 'ETH', amount: '0.05' });

    const refused = await customer.post({ ...body, to_address: contract });

    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      502,
      { success: false, message: 'Failed to broadcast withdrawal transaction' },
    ]);
    const posted = await customer.post(body);
    expect(posted).toMatchObject({ status: 200, data: { status: 'broadcasted' } });
    await customer.reaches(numberOf(posted), ['completed'], FINAL_MS);
  });

  it('names the paying address of a network, and reports other networks as missing', async () => {
    const ask = (network: string) =>
      customer.api.send({ target: `/v1/hot-wallet-address?network=${network}` });
    const api = await customer.withAnotherKey({
      permissions: ['request_withdrawal_funding_address'],
    });
    const known = await api.send({ target: '/v1/hot-wallet-address?network=BSC' });

    expect(known.status).toBe(200);
    expect(books.BSC.hotWallets).toContain(known.data['address']);
    expect((await ask('BSC')).status).toBe(403);
  });

  describe('kill -9 in the middle', () => {
    it.each(['connector-evm', 'signer'] as const)(
      'of %s with 20 under way: all are paid, each once',
      async (service) => {
        const bodies = Array.from({ length: 20 }, () => fromWallet());
        const posting = Promise.all(bodies.map((body) => customer.postUntilAnswered(body)));

        await eventually(
          async () => expect((await customer.withdrawals()).length).toBeGreaterThan(5),
          { withinMs: 30_000, everyMs: 20 },
        );
        await sluice.killNow(service);
        const answers = await posting;

        const done = await Promise.all(
          answers.map((answer) => customer.isFinal(numberOf(answer), FINAL_MS)),
        );
        expect(done.map(({ state }) => state)).toEqual(bodies.map(() => 'completed'));
        const paid = await Promise.all(bodies.map((body) => paidTo('ETH', body)));
        expect(paid.map(({ length }) => length)).toEqual(bodies.map(() => 1));
      },
    );

    it('of the node itself: forgotten transactions are sent again', async () => {
      const body = fromWallet({ currency: 'USDT', network: 'BSC', amount: '7' });
      const posted = await customer.postUntilAnswered(body);
      await sluice.killNow('chain-bsc');

      const done = await customer.isFinal(numberOf(posted), FINAL_MS);

      expect(done.state).toBe('completed');
      expect(await paidTo('BSC', body)).toHaveLength(1);
    });
  });

  describe('DELETE', () => {
    it('is believed only when something else has taken its nonce for good', async () => {
      await books.ETH.chain.request('evm_setIntervalMining', [0]);
      try {
        const body = fromWallet({ currency: 'ETH', amount: '0.5' });
        const number = numberOf(await customer.post(body));

        expect(await customer.cancel(number)).toMatchObject({ status: 200 });
        expect((await customer.reaches(number, ['broadcast', 'submitted'])).state).not.toBe(
          'cancelled',
        );
        await books.ETH.chain.request('evm_setIntervalMining', [1]);

        const done = await customer.isFinal(number, FINAL_MS);
        const paid = await paidTo('ETH', body);
        expect([done.state, paid.length]).toEqual(
          done.state === 'cancelled' ? ['cancelled', 0] : ['completed', 1],
        );
      } finally {
        await books.ETH.chain.request('evm_setIntervalMining', [1]);
      }
    });
  });

  describe('in a route', () => {
    const route = async (
      ...venues: readonly { venue: string; submit_within_ms?: number }[]
    ): Promise<void> => {
      const { intake } = sluice.admin;
      const [now] = (await intake.routes()).filter(
        ({ currency, network }) => currency === 'USDT' && network === 'ETH',
      );
      if (now)
        await intake.setRoute({
          ...now,
          was: now.venues,
          venues: venues.map((one) => ({ ...one, pays: ['address'] })),
        });
    };
    const unpinned = (): Body => toAddress({ to_address: freshAddress() });

    it('behind Gate.io it pays what Gate.io has not', async () => {
      await route({ venue: 'gateio' }, { venue: 'wallet' });
      await sluice.venue.arm('POST /withdrawals', 'refuse_with', {
        http_status: 400,
        body: '{"label":"BALANCE_NOT_ENOUGH","message":"no"}',
      });
      const body = unpinned();

      const done = await customer.isFinal(numberOf(await customer.post(body)), FINAL_MS);

      expect(done).toMatchObject({ state: 'completed', venue: 'wallet', tried: ['gateio'] });
      expect(await paidTo('ETH', body)).toHaveLength(1);
    });

    it('before Gate.io, the wallet hands over in time a payment above its balance', async () => {
      await route({ venue: 'wallet', submit_within_ms: 5_000 }, { venue: 'gateio' });
      await customer.fund('2000000');
      const body = toAddress({ amount: '900000' });

      const done = await customer.isFinal(numberOf(await customer.post(body)), FINAL_MS);

      expect(done).toMatchObject({ state: 'completed', venue: 'gateio', tried: ['wallet'] });
      expect(await paidTo('ETH', body)).toHaveLength(0);
      expect(await sluice.venue.payments()).toContainEqual(
        expect.objectContaining({ destination: recipientOf(body) }),
      );
    });
  });

  it('operators see its addresses', async () => {
    expect(await operate(sluice, ['wallet', 'show'])).toMatchObject({ exitCode: 0 });
  });
});
