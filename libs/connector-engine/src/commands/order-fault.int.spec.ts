import { randomUUIDv7 } from 'node:crypto';
import { decode, encode, venueCommands } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/kernel';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { submitCommand, TestQueue } from '../testkit/given-queue.js';
import { isSubmit, type SubmitCommand } from './venue-command.js';
import { AN_ATTEMPT, assigned, TEST_AUTHORITY } from '../testkit/given-tables.js';
import { orderFault } from './command-handler.js';

const VENUE = 'testvenue';
const topic = venueCommands(VENUE);
const ADDRESSED = {
  type: 'address',
  address: '0x52908400098527886E0F7030069857D2E4169EE7',
  memo: '104398221',
} as const;

/** Whom it pays what, whatever else it says. */
function paymentOf({ data }: SubmitCommand): string {
  const { withdrawalId, accountId, asset, amount, destination } = data;
  return JSON.stringify([
    withdrawalId,
    accountId,
    asset,
    Amount.of(amount, assetOf('USDT', 'ETH')).toString(),
    destination,
  ]);
}

describe('an order whose record was changed in the log, its checksum put right', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    queue = await TestQueue.start(postgres);
  });
  afterAll(async () => {
    await queue.close();
    await postgres.stop();
  });
  const casesOf = async (id: string) =>
    (
      await queue.database.query<{ kind: string }>(
        'SELECT kind FROM submission_case WHERE withdrawal_id = $1',
        [id],
      )
    ).map(({ kind }) => kind);
  const storedOf = (id: string) =>
    queue.database.query('SELECT amount::text, digest FROM submission WHERE withdrawal_id = $1', [
      id,
    ]);

  it('whichever character it is, nothing but the payment that was ordered is ever believed', () => {
    const order = submitCommand(randomUUIDv7(), { amount: '3.111', destination: ADDRESSED });
    const wire = encode(topic, order);
    const believed = [...wire.value].flatMap((character, at) =>
      ['9', '4', 'a', '"', ' '].flatMap((put) => {
        const read = decode(topic, {
          ...wire,
          value: wire.value.slice(0, at) + put + wire.value.slice(at + 1),
        });
        if (!read.ok || !isSubmit(read.value) || orderFault(read.value, TEST_AUTHORITY) !== null)
          return [];
        return [paymentOf(read.value)];
      }),
    );

    expect(new Set(believed)).toEqual(new Set([paymentOf(order)]));
  });

  it('of a changed amount nothing is stored, and the batch fails with the cause', async () => {
    const { data, ...envelope } = submitCommand(randomUUIDv7(), { amount: '3.111' });

    await expect(queue.take({ ...envelope, data: { ...data, amount: '9.111' } })).rejects.toThrow(
      'the order is not authentic',
    );
    expect(await storedOf(data.withdrawalId)).toEqual([]);

    await queue.take({ ...envelope, data }); // healed: the same order as it was
    expect(await storedOf(data.withdrawalId)).toEqual([{ amount: '3.111', digest: data.digest }]);
  });

  it('is refused without a digest or an API key as well', async () => {
    const { data, ...envelope } = submitCommand(randomUUIDv7());
    const { digest: _digest, ...undigested } = data;
    const { keyId: _keyId, ...keyless } = data;
    await expect(queue.take({ ...envelope, data: undigested })).rejects.toThrow(
      'the message has no digest of its order',
    );
    await expect(queue.take({ ...envelope, data: keyless })).rejects.toThrow(
      'it carries no API key',
    );
  });

  it('a second order of another amount for a known withdrawal is never taken and never dropped in silence', async () => {
    const id = randomUUIDv7();
    await queue.take(submitCommand(id, { amount: '3' }));
    const published = queue.publishedOf(id);

    await queue.take(submitCommand(id, { amount: '4' }));
    await queue.take(submitCommand(id, { amount: '4' }));
    expect(await casesOf(id)).toEqual(['order_not_as_stored']);
    expect(queue.publishedOf(id)).toEqual(published);

    const both = randomUUIDv7();
    await queue.take(submitCommand(both, { amount: '3' }), submitCommand(both, { amount: '4' }));
    expect(await casesOf(both)).toEqual(['order_not_as_stored']);
    expect(await storedOf(both)).toMatchObject([{ amount: '3' }]);
  });

  it('is not the order of a row with another digest', async () => {
    const order = submitCommand(randomUUIDv7());
    const id = order.data.withdrawalId;
    await queue.take(order);
    await queue.database.query(
      `UPDATE submission SET digest = repeat('b2', 32) WHERE withdrawal_id = $1`,
      [id],
    );

    await queue.take({ ...order, id: randomUUIDv7() });

    expect(await casesOf(id)).toEqual(['order_not_as_stored']);
  });

  describe('with the reference that another withdrawal has here', () => {
    const clientReference = () => `c${randomUUIDv7().replaceAll('-', '').slice(-22)}1`;
    const [EARLIER, LATER] = ['2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00.000Z'];
    /** The first one, and an order of another withdrawal under its reference. */
    const givenTwo = async (change: Parameters<typeof submitCommand>[1]) => {
      const [first, second] = [randomUUIDv7(), randomUUIDv7()];
      const accountId = randomUUIDv7();
      const terms = { accountId, clientReference: clientReference(), orderedAt: EARLIER };
      await queue.take(submitCommand(first, terms));
      return {
        first,
        second,
        again: submitCommand(second, { ...terms, orderedAt: LATER, ...change }),
      };
    };

    it('another order is not sent: the first may have been paid', async () => {
      const { first, second, again } = await givenTwo({ amount: '77' });

      await queue.take(again);

      expect(await casesOf(first)).toEqual(['reference_of_two']);
      expect(await storedOf(second)).toEqual([]);
      expect(queue.publishedOf(second)).toEqual(['submission-unknown']);
    });

    it('the same wish after a restore gets what became of the first, which is never paid beside it', async () => {
      const { first, second, again } = await givenTwo({});
      await queue.database.query(
        `UPDATE submission SET state = 'accepted', venue_reference = $1, accepted_at = now() WHERE withdrawal_id = $1`,
        [first],
      );

      await queue.take(again);

      expect(await storedOf(first)).toEqual([]);
      expect(await storedOf(second)).toMatchObject([{ digest: again.data.digest }]);
      expect(queue.publishedOf(second)).toEqual(['submission-accepted']);
      expect(await casesOf(second)).toEqual(['handed_over']);
    });

    it('an order of before the restore takes nothing back', async () => {
      const { first, second, again } = await givenTwo({ orderedAt: '2026-11-20T07:00:00.000Z' });

      await queue.take(again);

      expect([await casesOf(first), await storedOf(second)]).toEqual([['reference_of_two'], []]);
    });

    it('nothing is handed over while a request of it is under way; who asks again gets it', async () => {
      const { second, again } = await givenTwo({});
      const sending = `UPDATE submission SET state = 'sending', lease_token = 1, lease_until = now() + interval '1 minute', ${assigned(AN_ATTEMPT)} WHERE client_reference = $1`;
      await queue.database.query(sending, [again.data.clientReference]);
      await queue.take(again);
      expect([await storedOf(second), queue.publishedOf(second)]).toEqual([[], []]);

      await queue.database.query(
        `UPDATE submission SET state = 'prepared', lease_token = NULL WHERE client_reference = $1`,
        [again.data.clientReference],
      );
      await queue.take({ ...again, id: randomUUIDv7() });
      expect(await storedOf(second)).toHaveLength(1);
    });
  });
});
