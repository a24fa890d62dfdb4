import { randomUUIDv7 } from 'node:crypto';
import { signNothingMoved, verifyReceipt, verifySignerReceipt } from '@sluice/message-auth';
import { connectorOf } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
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
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let accountId: string;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
    accountId = await givenAccount(ledger, '1000000');
  });
  afterAll(async () => {
    await ledger.close();
    await postgres.stop();
  });

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
    signNothingMoved(keysOf(venue), {
      withdrawalId: data.withdrawalId,
      digest: DIGEST,
      venue,
      ...change,
    });
  const refusal = { type: 'ledger.command-refused.v1', reason: 'not_proven' };

  it('gives the receipt of a hold for the one venue that may pay it', async () => {
    const hold = order();
    const { venue, receipt } = await eventOf(hold);

    const atVenue = { withdrawalId: hold.data.withdrawalId, digest: DIGEST, venue: 'gateio' };
    expect(venue).toBe('gateio');
    expect(verifyReceipt(keysOf('gateio'), atVenue, String(receipt))).toBe(true);
    expect(verifyReceipt(keysOf('bybit'), { ...atVenue, venue: 'bybit' }, String(receipt))).toBe(
      false,
    );
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
      expect(verifySignerReceipt(signer, atWallet(hold), given)).toBe(true);
      expect(verifySignerReceipt(signer, { ...atWallet(hold), digest: 'b2' }, given)).toBe(false);
      expect(verifyReceipt(keysOf('wallet'), atWallet(hold), String(event['receipt']))).toBe(true);
      expect(verifySignerReceipt(keysOf('wallet'), atWallet(hold), given)).toBe(false);
    }
  });

  it('gives none for a hold that may end by time, or that no venue is to pay', async () => {
    const { type, data } = order();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();

    expect(await eventOf({ type, data: { ...data, expiresAt } })).not.toHaveProperty('receipt');
    expect(await eventOf(place(accountId, '10'))).not.toHaveProperty('receipt');
  });

  it('gives it to the next venue on the proof of the one that has it', async () => {
    const hold = order();
    await ledger.run(hold);
    const next = assign(hold, 'bybit', 'gateio', proofOf(hold, 'gateio'));

    const { type, receipt } = await eventOf(next);
    expect(type).toBe('ledger.hold-assigned.v1');
    expect(
      verifyReceipt(
        keysOf('bybit'),
        { withdrawalId: hold.data.withdrawalId, digest: DIGEST, venue: 'bybit' },
        String(receipt),
      ),
    ).toBe(true);
    expect(await eventOf(next)).toMatchObject({ receipt });
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

  it('captures it for the venue that has it alone', async () => {
    const hold = order();
    await ledger.run(hold);

    expect(await eventOf(capture(hold, '10', '0', 'bybit'))).toMatchObject({
      reason: 'assigned_elsewhere',
    });
    expect(await eventOf(capture(hold, '10'))).toMatchObject({ type: 'ledger.hold-captured.v1' });
  });
});
