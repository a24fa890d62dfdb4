import { toAddress } from '../testkit/customer.js';
import { signProof } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import { AttackedSystem } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const REFUSED = { reason: 'insufficient_venue_funds', venueCode: null, message: 'no' };

describe('who has everything that one connector has', () => {
  let target: AttackedSystem;
  let connector: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit');
    connector = new Foothold(target.sluice.system, 'connector-gateio');
  });
  afterAll(async () => {
    await connector.stop();
    await target.stop();
  });

  const digestOf = async (id: string): Promise<string> => {
    const sql = 'SELECT digest FROM hold WHERE withdrawal_id = $1';
    const [hold] = await target.sql('ledger', 'hold', sql, [id]);
    return (hold as { digest: string }).digest;
  };
  /** That it was refused, while the venue pays it. */
  const saysRefused = (id: string, digest: string, proof?: string) =>
    connector.says('venue.gateio.events', 'venue.submission-refused.v1', id, {
      withdrawalId: id,
      venue: 'gateio',
      digest,
      ...REFUSED,
      ...(proof !== undefined && { proof }),
    });

  it.each([
    'venue.bybit.commands',
    'venue.bybit.events',
    'venue.gateio.commands',
    'ledger.commands',
    'ledger.events',
    'withdrawal.events',
  ])('cannot write to %s', async (topic) => {
    await expect(connector.kafka.write(topic, 'x', target.customer.accountId, {})).rejects.toThrow(
      'Not authorized',
    );
  });

  it.each(['venue.bybit.commands', 'ledger.commands', 'ledger.events', 'venue.bybit.events'])(
    'reads nothing of %s',
    async (topic) => {
      await expect(connector.kafka.read(topic, () => undefined)).rejects.toThrow('Not authorized');
    },
  );

  it('causes no second payment by reporting a refusal without a proof for the ledger', async () => {
    const { id, body } = await target.underWay();
    const digest = await digestOf(id);

    const noticed = await target.survives(() => saysRefused(id, digest));

    expect(noticed.join()).toMatch(/refusal_not_proven|command_refused/);
    expect(await target.paymentsTo(body)).toHaveLength(1);
  });

  it('has it noticed within a minute when it gives its word and its own venue pays', async () => {
    await target.liftHalts();
    const { id, body } = await target.underWay();
    const digest = await digestOf(id);
    const proof = signProof(connector.keys.with('ledger'), {
      says: 'nothing moved',
      withdrawalId: id,
      digest,
      venue: 'gateio',
    });
    const before = await target.notices();

    await saysRefused(id, digest, proof);

    const noticed = await eventually(
      async () => {
        const fresh = [...(await target.notices())].filter((line) => !before.has(line));
        if (fresh.length === 0) throw new Error('the attack was not noticed');
        return fresh;
      },
      { withinMs: 60_000, everyMs: 200 },
    );
    expect(noticed.join()).toMatch(/case|break|halt/);
    expect((await target.paymentsTo(body)).length).toBeLessThanOrEqual(2);
  });

  it('pays only recipients of requested withdrawals', async () => {
    await target.liftHalts();
    await target.customer.post(toAddress());

    const recipients = [...target.customer.asked.values()].map(({ to_address: address }) =>
      String(address).toLowerCase(),
    );
    const paid = (await Promise.all([...target.books.values()].map((book) => book.payments())))
      .flat()
      .map(({ destination }) => destination.toLowerCase());
    expect(paid.filter((destination) => !recipients.includes(destination))).toEqual([]);
  });
});
