import { randomUUIDv7 } from 'node:crypto';
import { numberOf, toAddress } from '../testkit/customer.js';
import { signProof } from '@sluice/signing';
import { connectorOf } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { AttackedSystem } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const ASSET = 'USDT.ETH';

describe('who has everything that the ledger has', () => {
  let target: AttackedSystem;
  let ledger: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit');
    ledger = new Foothold(target.sluice.system, 'ledger');
  });
  afterAll(async () => {
    await ledger.stop();
    await target.stop();
  });

  const digestOf = async (id: string): Promise<string> =>
    (
      await ledger.sql<{ digest: string }>('SELECT digest FROM hold WHERE withdrawal_id = $1', [id])
    )[0]?.digest ?? '';
  /** The hold of a withdrawal, as the ledger would report it for the venue. */
  function held(withdrawalId: string, venue: string, digest: string) {
    const atVenue = { withdrawalId, digest, venue };
    const ring = ledger.keys.with(connectorOf(venue));
    return {
      withdrawalId,
      accountId: target.customer.accountId,
      asset: ASSET,
      amount: '6.25',
      digest,
      venue,
      timedReceipt: signProof(ring, {
        says: 'held',
        to: 'connector',
        ...atVenue,
        until: new Date(Date.now() + 3_600_000),
      }),
    };
  }
  const says = (type: string, data: object) =>
    ledger.says('ledger.events', `ledger.${type}.v1`, target.customer.accountId, data);

  it('causes no payment by a hold of a withdrawal without a request', async () => {
    const placed = held(randomUUIDv7(), 'gateio', 'ab'.repeat(32));

    const noticed = await target.survives(() => says('hold-placed', placed));

    expect(noticed.join()).toContain('intake-api: dead letter');
  });

  it('may order nothing of a venue itself', async () => {
    const order = held(randomUUIDv7(), 'gateio', 'ab'.repeat(32));

    await expect(
      ledger.says('venue.gateio.commands', 'venue.submit-withdrawal.v1', order.withdrawalId, order),
    ).rejects.toThrow('Not authorized');
  });

  it('has nothing paid twice by giving the hold to another venue while the first one pays', async () => {
    const { id, body } = await target.underWay();
    const assigned = held(id, 'bybit', await digestOf(id));

    await target.survives(async () => {
      await says('hold-assigned', assigned);
      await says('hold-placed', assigned);
    });

    expect((await target.customer.isFinal(id, 60_000)).state).toBe('completed');
    expect(await target.paymentsTo(body)).toMatchObject([{ currency: 'USDT' }]);
  });

  it('causes no second payment by reporting a capture or a release', async () => {
    const { id, body } = await target.underWay();
    const { timedReceipt: _timed, venue: _venue, ...hold } = held(id, 'gateio', await digestOf(id));

    await target.survives(async () => {
      await says('hold-released', hold);
      await says('hold-captured', { ...hold, amount: '5.25', fee: '1', entryId: randomUUIDv7() });
    });

    expect(await target.paymentsTo(body)).toHaveLength(1);
  });

  it('gives back no hold of a payment under way by the database login', async () => {
    const { id, body } = await target.underWay();

    const letGo = ledger.sql(
      `UPDATE hold SET state = 'released', closed_at = now(), reason = 'rejected' WHERE withdrawal_id = $1`,
      [id],
    );

    await expect(letGo).rejects.toThrow('hold_with_its_key');
    expect((await target.customer.isFinal(id, 60_000)).state).toBe('completed');
    expect(await target.paymentsTo(body)).toHaveLength(1);
  });

  it('leaves a system that pays', async () => {
    await target.liftHalts();
    const answered = await target.customer.post(toAddress());

    expect((await target.customer.isFinal(numberOf(answered), 60_000)).state).toBe('completed');
  });

  it('frees held money on paper for 20 seconds at most: then the book is halted', async () => {
    const { admin } = target.sluice;
    await target.underWay();
    const since = Date.now();

    await ledger.sql('UPDATE balance SET held = 0 WHERE held > 0');

    await eventually(
      async () =>
        expect(await admin.ledger.bookHalts()).toContainEqual(
          expect.objectContaining({ reason: 'held-is-what-is-placed', lifted_at: null }),
        ),
      { withinMs: 20_000, everyMs: 250 },
    );
    expect(Date.now() - since).toBeLessThan(20_000);
    const { client_reference: reference } = await waiting();
    const [{ id = '' } = {}] = (await target.customer.withdrawals()).filter(
      (one) => one.client_reference === reference,
    );
    expect((await admin.intake.withdrawal(id)).awaits).toMatch(
      /^the halt of the ledger to be lifted: held-is-what-is-placed \(next: sluice ledger halts;/,
    );
  });

  /** A request that the halted ledger does not answer. */
  async function waiting() {
    const body = toAddress();
    await target.customer.post(body, { wait: 0 });
    return body;
  }
});
