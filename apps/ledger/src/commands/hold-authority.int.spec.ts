import { randomUUIDv7 } from 'node:crypto';
import { readReceipt, signProof, withClosed, type ClosedAs } from '@sluice/signing';
import { connectorOf } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import {
  assign,
  capture,
  givenAccount,
  givenLedger,
  place,
  release,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';

const DIGEST = 'a1'.repeat(32);
const keysOf = (venue: string) => testMessageKeys(connectorOf(venue)).with('ledger');

describe('the ledger as the second key', () => {
  let ledger: TestLedger;
  let accountId: string;
  beforeAll(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '1000000');
  });
  afterAll(() => ledger.close());

  const now = async (): Promise<number> => {
    const [row] = await ledger.database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return row?.now.getTime() ?? 0;
  };
  const eventOf = async (body: CommandBody): Promise<Record<string, unknown>> => {
    const [decision] = await ledger.run(body);
    return { type: decision?.event.type, ...decision?.event.data };
  };
  const order = () => {
    const { type, data } = place(accountId, '10');
    return { type, data: { ...data, digest: DIGEST, venue: 'gateio' } };
  };
  type Order = ReturnType<typeof order>;
  const proofOf = ({ data }: Order, venue: string, change: object = {}): string =>
    signProof(keysOf(venue), {
      says: 'nothing moved',
      withdrawalId: data.withdrawalId,
      digest: DIGEST,
      venue,
      ...change,
    });
  const refusal = { type: 'ledger.command-refused.v1', reason: 'not_proven' };

  it('gives the receipt of a hold for the one venue that may pay it', async () => {
    const hold = order();
    const { venue, timedReceipt } = await eventOf(hold);

    const { withdrawalId } = hold.data;
    const read = (at: string) =>
      readReceipt(
        keysOf(at),
        { to: 'connector', withdrawalId, digest: DIGEST, venue: at },
        String(timedReceipt),
      );
    expect(venue).toBe('gateio');
    expect(read('gateio')).toBeInstanceOf(Date);
    expect(read('bybit')).toBeNull();
  });

  it('gives one more, for the signer, to our own wallet alone: first or later', async () => {
    const signer = testMessageKeys('signer').with('ledger');
    const first = order();
    const later = order();
    const atWallet = (hold: Order) => {
      const { withdrawalId } = hold.data;
      return { withdrawalId, digest: DIGEST, venue: 'wallet' };
    };

    const placed = await eventOf({ ...first, data: { ...first.data, venue: 'wallet' } });
    const elsewhere = await eventOf(later);
    const assigned = await eventOf(assign(later, 'wallet', 'gateio', proofOf(later, 'gateio')));

    expect(elsewhere).not.toHaveProperty('signerReceipt');
    for (const [hold, event] of [
      [first, placed],
      [later, assigned],
    ] as const) {
      const given = String(event['signerReceipt']);
      expect(readReceipt(signer, { to: 'signer', ...atWallet(hold) }, given)).toBeInstanceOf(Date);
      expect(
        readReceipt(signer, { to: 'signer', ...atWallet(hold), digest: 'b2' }, given),
      ).toBeNull();
      const timed = String(event['timedReceipt']);
      expect(
        readReceipt(keysOf('wallet'), { to: 'connector', ...atWallet(hold) }, timed),
      ).toBeInstanceOf(Date);
      expect(readReceipt(keysOf('wallet'), { to: 'signer', ...atWallet(hold) }, given)).toBeNull();
    }
  });

  it.each([
    ['the time that its venue has', 600_000, 600_000],
    ['seven days', null, 7 * 24 * 3_600_000],
    ['seven days', 30 * 24 * 3_600_000, 7 * 24 * 3_600_000],
  ])(
    'ends each receipt after %s (%s), by the time of its database',
    async (_what, asked, lasts) => {
      const { type, data } = order();
      const hold = { ...data, venue: 'wallet', submitWithinMs: asked };
      const from = await now();

      const event = await eventOf({ type, data: hold });

      const until = await now();
      const atVenue = { withdrawalId: data.withdrawalId, digest: DIGEST, venue: 'wallet' };
      const ends = [
        readReceipt(
          keysOf('wallet'),
          { to: 'connector', ...atVenue },
          String(event['timedReceipt']),
        ),
        readReceipt(
          testMessageKeys('signer').with('ledger'),
          { to: 'signer', ...atVenue },
          String(event['signerReceipt']),
        ),
      ].map((end) => (end?.getTime() ?? 0) - lasts);
      expect(ends[0]).toBe(ends[1]);
      expect(ends[0]).toBeGreaterThanOrEqual(from - 50);
      expect(ends[0]).toBeLessThanOrEqual(until + 50);
    },
  );

  it('gives none for a hold that may end by time, or that no venue is to pay', async () => {
    const { type, data } = order();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();

    for (const hold of [{ type, data: { ...data, expiresAt } }, place(accountId, '10')]) {
      const event = await eventOf(hold);
      expect(event).not.toHaveProperty('timedReceipt');
      expect(event).not.toHaveProperty('timedReceipt');
    }
  });

  it('gives it to the next venue on the proof of the one that has it', async () => {
    const hold = order();
    await ledger.run(hold);
    const next = assign(hold, 'bybit', 'gateio', proofOf(hold, 'gateio'));

    const atVenue = { withdrawalId: hold.data.withdrawalId, digest: DIGEST, venue: 'bybit' };
    for (const event of [await eventOf(next), await eventOf(next)]) {
      expect(event['type']).toBe('ledger.hold-assigned.v1');
      const timed = String(event['timedReceipt']);
      expect(readReceipt(keysOf('bybit'), { to: 'connector', ...atVenue }, timed)).toBeInstanceOf(
        Date,
      );
    }
  });

  it.each<[string, (hold: Order) => string]>([
    ['of another venue', (hold) => proofOf(hold, 'bybit')],
    ['of another withdrawal', (hold) => proofOf(hold, 'gateio', { withdrawalId: randomUUIDv7() })],
    ['of another order', (hold) => proofOf(hold, 'gateio', { digest: 'b2'.repeat(32) })],
    ['that intake-api made up', () => `test.${'A'.repeat(43)}`],
  ])('gives it to nobody on a proof %s', async (_what, proof) => {
    const hold = order();
    await ledger.run(hold);

    expect(await eventOf(assign(hold, 'bitmart', 'gateio', proof(hold)))).toMatchObject(refusal);
  });

  it('releases it on the proof of the venue that has it, and of no other', async () => {
    const hold = order();
    await ledger.run(hold, assign(hold, 'bybit', 'gateio', proofOf(hold, 'gateio')));
    const ended = (proof?: string): CommandBody => release(hold, 'limit', proof);

    expect(await eventOf(ended())).toMatchObject(refusal);
    expect(await eventOf(ended(proofOf(hold, 'gateio')))).toMatchObject(refusal);
    expect(await eventOf(ended(proofOf(hold, 'bybit')))).toMatchObject({
      type: 'ledger.hold-released.v1',
    });
  });

  describe('of our own wallet', () => {
    const atWallet = async (): Promise<Order> => {
      const { type, data } = order();
      const hold = { type, data: { ...data, venue: 'wallet' } };
      await ledger.run(hold);
      return hold;
    };
    const whole = (hold: Order, as: ClosedAs, from = 'signer', of = hold.data.withdrawalId) =>
      withClosed(
        proofOf(hold, 'wallet'),
        signProof(testMessageKeys(from).with('ledger'), {
          says: 'closed',
          withdrawalId: of,
          as: as,
        }),
      );

    it.each<[string, (hold: Order) => string]>([
      ['of its connector alone (F3)', (hold) => proofOf(hold, 'wallet')],
      [
        'that its connector has made whole itself',
        (hold) => whole(hold, 'unsigned', 'connector-evm'),
      ],
      [
        'with what the signer states of another withdrawal',
        (hold) => whole(hold, 'unsigned', 'signer', randomUUIDv7()),
      ],
    ])('releases and assigns nothing on a proof %s', async (_what, proof) => {
      const hold = await atWallet();

      expect(await eventOf(release(hold, 'cancelled', proof(hold)))).toMatchObject(refusal);
      expect(await eventOf(assign(hold, 'bybit', 'wallet', proof(hold)))).toMatchObject(refusal);
    });

    it.each<ClosedAs>(['unsigned', 'signed'])(
      'releases it once its signer has closed it as %s',
      async (as) => {
        const hold = await atWallet();
        expect(await eventOf(release(hold, 'cancelled', whole(hold, as)))).toMatchObject({
          type: 'ledger.hold-released.v1',
        });
      },
    );
  });

  it('captures it for the venue that has it alone', async () => {
    const hold = order();
    await ledger.run(hold);

    expect(await eventOf(capture(hold, '10', '0', 'bybit'))).toMatchObject({
      reason: 'assigned_elsewhere',
    });
    expect(await eventOf(capture(hold, '10'))).toMatchObject({ type: 'ledger.hold-captured.v1' });
  });
});
