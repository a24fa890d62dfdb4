import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { toAddress } from '../testkit/customer.js';
import { connectorOf, orderDigest, recipientDigest } from '@sluice/messages';
import { Amount } from '@sluice/kernel';
import { WebhookReceiver } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { AttackedSystem, THIEF } from './testkit/attacked-system.js';
import type { KafkaRecord } from './testkit/foothold.js';

const PROOF = `1.${'A'.repeat(43)}`;
const AN_HOUR_LATER = new Date(Date.now() + 3_600_000).toISOString();
const RECEIPT = `${AN_HOUR_LATER}~${PROOF}`;
const REFERENCE = `w${'A'.repeat(23)}`;

const COMPLETED = {
  number: '99999999999999',
  sequence: 1,
  clientReference: null,
  currency: 'USDT',
  network: 'ETH',
  destination: { type: 'address', address: THIEF },
  amount: '999999',
  fee: '1',
  venue: 'gateio',
  status: 'confirmed',
  stage: 'done',
  txHash: '0x5e',
  errorMessage: null,
  at: AN_HOUR_LATER,
};

/** An order to the thief, with a digest that fits it. */
function orderTo(address: string, amount: string, withdrawalId: string = randomUUIDv7()) {
  const destination = { type: 'address', address } as const;
  const terms = { withdrawalId, accountId: randomUUIDv7(), asset: 'USDT.ETH', amount, fee: '1' };
  const digest = orderDigest({ ...terms, recipientDigest: recipientDigest(destination) });
  return {
    ...terms,
    destination,
    notAfter: AN_HOUR_LATER,
    clientReference: REFERENCE,
    keyId: 'ck_1',
    digest,
    order: PROOF,
    timedReceipt: RECEIPT,
  };
}

describe('who may write to every topic', () => {
  let target: AttackedSystem;
  const seen: KafkaRecord[] = [];
  const ofWithdrawal = (topic: string, id: string): KafkaRecord | undefined =>
    seen.find((record) => record.topic === topic && record.value.includes(id));
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit', 'bitmart');
    for (const topic of [
      'venue.gateio.commands',
      'venue.gateio.events',
      'ledger.commands',
      'ledger.events',
    ])
      await target.kafka.read(topic, (record) => void seen.push(record));
    const body = await target.asks();
    await eventually(async () => expect(await target.paymentsTo(body)).toHaveLength(1), {
      withinMs: 30_000,
    });
  });
  afterAll(() => target.stop());

  it.each(['gateio', 'bybit', 'bitmart'])('has nothing paid by an order at %s', async (venue) => {
    const order = orderTo(THIEF, '900000');

    const noticed = await target.survives(() =>
      target.kafka.write(
        `venue.${venue}.commands`,
        'venue.submit-withdrawal.v1',
        order.withdrawalId,
        order,
      ),
    );

    expect(noticed.join('\n')).toContain(`${connectorOf(venue)}: dead letter`);
  });

  it('has no payment reported to a customer', async () => {
    const { accountId } = target.customer;
    const receiver = await WebhookReceiver.start();
    try {
      await target.sluice.admin.webhooks.createWebhook({
        account: accountId,
        url: receiver.url,
        events: ['withdrawal.confirmed'],
      });
      const id = randomUUIDv7();
      const noticed = await target.survives(() =>
        target.kafka.write('withdrawal.events', 'withdrawal.completed.v1', id, {
          ...COMPLETED,
          withdrawalId: id,
          accountId,
        }),
      );

      expect(noticed.join('\n')).toContain('webhooks: dead letter');
      // the customer's own payment may be reported meanwhile
      const lies = receiver.received.filter(({ body }) => body.includes(COMPLETED.number));
      expect(lies).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });

  it('diverts no withdrawal of a customer, however early', async () => {
    await target.kafka.read('withdrawal.events', async ({ value, headers }) => {
      if (headers['ce_type'] !== 'withdrawal.submitting.v1') return;
      const { withdrawalId } = JSON.parse(value) as { withdrawalId: string };
      await target.kafka.write(
        'venue.gateio.commands',
        'venue.submit-withdrawal.v1',
        withdrawalId,
        orderTo(THIEF, '777', withdrawalId),
      );
    });

    await target.survives(async () => {
      const bodies = [await target.asks(), await target.asks(), await target.asks()];
      for (const { client_reference } of bodies)
        await eventually(
          async () =>
            expect((await target.customer.withdrawals()).map((row) => row.state)).not.toContain(
              client_reference,
            ),
          { withinMs: 1_000 },
        );
    });
  });

  it.each<[string, string, object]>([
    [
      'refused',
      'submission-refused',
      { reason: 'insufficient_venue_funds', venueCode: null, message: 'no' },
    ],
    [
      'failed',
      'withdrawal-failed',
      { venueReference: 'v', reason: 'rejected', message: 'no', cancelled: false },
    ],
    ['cancelled', 'submission-refused', { reason: 'cancelled', venueCode: null, message: 'no' }],
  ])(
    'causes no second payment and no release by reporting that a payment was %s',
    async (_what, type, fact) => {
      const { id, body } = await target.underWay();

      await target.survives(() =>
        target.kafka.write('venue.gateio.events', `venue.${type}.v1`, id, {
          withdrawalId: id,
          venue: 'gateio',
          proof: PROOF,
          ...fact,
        }),
      );

      expect((await target.customer.isFinal(id, 60_000)).state).toBe('completed');
      expect(await target.paymentsTo(body)).toHaveLength(1);
    },
  );

  it.each<[string, string, (accountId: string, withdrawalId: string) => object]>([
    [
      'funds no account',
      'ledger.fund-account.v1',
      (accountId) => ({ accountId, asset: 'USDT.ETH', amount: '5000000', reference: randomUUID() }),
    ],
    [
      'gives no hold back',
      'ledger.release-hold.v1',
      (accountId, withdrawalId) => ({ accountId, withdrawalId, reason: 'x', proof: PROOF }),
    ],
    [
      'gives no hold to another venue',
      'ledger.assign-hold.v1',
      (accountId, withdrawalId) => ({
        accountId,
        withdrawalId,
        venue: 'bybit',
        from: 'gateio',
        proof: PROOF,
      }),
    ],
    [
      'moves nothing between accounts',
      'ledger.transfer-funds.v1',
      (accountId) => ({
        accountId,
        from: 'suspense',
        to: `customer:${accountId}`,
        asset: 'USDT.ETH',
        amount: '5',
        reference: randomUUID(),
      }),
    ],
  ])('%s by a command to the ledger', async (_what, type, data) => {
    const { id } = await target.underWay();
    const { accountId } = target.customer;
    const before = await target.customer.balance();

    await target.survives(() =>
      target.kafka.write('ledger.commands', type, accountId, data(accountId, id)),
    );

    const after = await target.customer.balance();
    const [was, is] = [before, after].map((row) => Amount.of(row?.balance ?? '0', 'USDT.ETH'));
    expect(was?.lessThan(is!)).toBe(false);
    expect((await target.customer.isFinal(id, 60_000)).state).toBe('completed');
  });

  it('causes no payment for an account without money by reporting a placed hold', async () => {
    const poor = await target.sluice.customer({ funds: '1' });
    const body = toAddress({ amount: '50000' });
    const placed: Promise<unknown>[] = [];
    await target.kafka.read('ledger.commands', ({ headers, value }) => {
      const { withdrawalId, accountId, amount } = JSON.parse(value) as Record<string, string>;
      if (accountId !== poor.accountId || headers['ce_type'] !== 'ledger.place-hold.v1') return;
      placed.push(
        target.kafka.write('ledger.events', 'ledger.hold-placed.v1', accountId, {
          withdrawalId,
          accountId,
          asset: 'USDT.ETH',
          amount,
          venue: 'gateio',
          timedReceipt: RECEIPT,
        }),
      );
    });

    await target.survives(async () => {
      expect((await poor.post(body)).status).toBe(400);
      await eventually(() => expect(placed).not.toEqual([]), { withinMs: 10_000 });
      await Promise.all(placed);
    });

    expect(await target.paymentsTo(body)).toEqual([]);
  });

  it('pays nothing by a genuine order with another amount, recipient or venue', async () => {
    const id = (await target.customer.withdrawals())[0]?.id ?? '';
    const genuine = ofWithdrawal('venue.gateio.commands', id);
    if (!genuine) throw new Error(`no order of ${id} was seen`);
    const data = JSON.parse(genuine.value) as Record<string, unknown>;

    await target.survives(() =>
      target.kafka.send(
        { ...genuine, value: JSON.stringify({ ...data, amount: '777' }) },
        {
          ...genuine,
          value: JSON.stringify({ ...data, destination: { type: 'address', address: THIEF } }),
        },
        { ...genuine, topic: 'venue.bybit.commands' },
        { ...genuine, headers: { ...genuine.headers, ce_id: randomUUIDv7() } },
      ),
    );
  });

  it('causes no second payment by repeating every message', async () => {
    await target.kafka.send(...seen);
    await target.asks();

    await target.survives(() => target.kafka.send({ ...seen[0]!, headers: {} }));
  });
});
