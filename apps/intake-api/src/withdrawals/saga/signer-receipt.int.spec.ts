import { randomUUID } from 'node:crypto';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { A_MAC, A_TIMED_RECEIPT, anEvent, holdAssigned } from '../../testkit/inbound-events.js';
import type { InboundEvent } from './inbound-event.js';
import type { Saga } from './saga.js';

const FOR_SIGNER = `signer.${'B'.repeat(43)}`;

describe('the receipt for the signer', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  beforeAll(async () => {
    ({ intake, accountId, saga } = await givenIntake());
    await intake.database.query(
      `INSERT INTO hot_wallet (network, address, purpose, position) VALUES ('ETH', '0x52908400098527886E0F7030069857D2E4169EE7', 'hot', 1)`,
    );
    await intake.database.query(
      `INSERT INTO route (currency, network, position, venue, pays, submit_within_ms)
       VALUES ('USDT', 'ETH', 2, 'wallet', '{address}', NULL), ('USDT', 'ETH', 3, 'bitmart', '{address}', NULL)`,
    );
  });
  afterAll(() => intake.close());

  async function placedAt(venue: string): Promise<string> {
    const order = anOrder({ accountId, venue });
    await placeOrder(intake, order);
    return order.id;
  }
  const forSigner = ({ change, ...event }: InboundEvent): InboundEvent => ({
    ...event,
    change: { ...change, signerReceipt: FOR_SIGNER } as InboundEvent['change'],
  });
  const missingAt = (by: string, withdrawalId: string): InboundEvent => ({
    id: randomUUID(),
    change: { kind: 'missing', withdrawalId, by },
  });
  /** What each submit command carried. */
  const submits = async (id: string) =>
    (await published(intake.database, id))
      .filter(({ type }) => type === 'venue.submit-withdrawal.v1')
      .map(({ topic, data }) => [topic, data['timedReceipt'], data['signerReceipt']]);

  it('goes with the order to our own wallet, and again with the order that is given again', async () => {
    const id = await placedAt('wallet');

    await saga.take([forSigner(anEvent(id, 'hold_placed'))]);
    await saga.take([missingAt('wallet', id)]);

    const order = ['venue.wallet.commands', A_TIMED_RECEIPT, FOR_SIGNER];
    expect(await submits(id)).toEqual([order, order]);
  });

  it('ends the time that its venue has to begin, also of the order that is given again', async () => {
    const [first, next] = [await placedAt('wallet'), await placedAt('gateio')];
    const until = new Date(Date.now() + 600_000);
    const timedReceipt = `${until.toISOString()}~${A_MAC}`;
    const timed = ({ change, ...event }: InboundEvent): InboundEvent => {
      const received = { ...change, timedReceipt };
      return {
        ...event,
        change: {
          ...received,
          ...(change.kind === 'fact' && { fact: () => ({ trigger: 'hold_placed', until }) }),
        },
      };
    };

    await saga.take([timed(anEvent(first, 'hold_placed')), anEvent(next, 'hold_placed')]);
    await saga.take([missingAt('wallet', first), anEvent(next, 'refused')]);
    await saga.take([timed(holdAssigned(next, 'wallet'))]);

    const orders = await Promise.all(
      [first, next].map(async (id) =>
        (await published(intake.database, id))
          .filter(({ topic }) => topic === 'venue.wallet.commands')
          .map(({ data }) => [data['notAfter'], data['timedReceipt']]),
      ),
    );
    const vouched = [until.toISOString(), timedReceipt];
    expect(orders).toEqual([[vouched, vouched], [vouched]]);
  });

  it('comes with the hold when our wallet is the next venue, and goes to no venue after it', async () => {
    const id = await placedAt('gateio');
    await saga.take([anEvent(id, 'hold_placed'), anEvent(id, 'refused')]);
    await saga.take([forSigner(holdAssigned(id, 'wallet'))]);
    await saga.take([anEvent(id, 'refused', 'wallet')]);
    await saga.take([holdAssigned(id, 'bitmart')]);

    expect(await submits(id)).toEqual([
      ['venue.gateio.commands', A_TIMED_RECEIPT, undefined],
      ['venue.wallet.commands', A_TIMED_RECEIPT, FOR_SIGNER],
      ['venue.bitmart.commands', A_TIMED_RECEIPT, undefined],
    ]);
    expect(
      await intake.database.query('SELECT signer_receipt FROM withdrawal WHERE id = $1', [id]),
    ).toEqual([{ signer_receipt: null }]);
  });
});
