import { randomUUIDv7 } from 'node:crypto';
import {
  capture,
  faultsOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  type TestLedger,
} from '../testkit/given-ledger.js';

const DIGEST = 'a1'.repeat(32);
let references = 0;

describe('a reference of a client has one hold', () => {
  let ledger: TestLedger;
  let accountId: string;
  beforeAll(async () => void (ledger = await givenLedger()));
  beforeEach(async () => void (accountId = await givenAccount(ledger, '100')));
  afterEach(async () => {
    expect(await faultsOf(ledger)).toEqual([]);
  });
  afterAll(() => ledger.close());

  const newReference = () => `cReference${++references}`;
  const hold = (reference: string, amount = '40', account = accountId, digest = DIGEST) => {
    const { type, data } = place(account, amount, randomUUIDv7());
    return { type, data: { ...data, reference, digest, venue: 'bybit' } };
  };
  type Placed = ReturnType<typeof hold>;
  const answersOf = async (...holds: readonly Placed[]) =>
    (await ledger.run(...holds)).map(({ event }) => ({ type: event.type, ...event.data }));
  const heldBefore = (again: Placed, first: Placed) => ({
    type: 'ledger.hold-refused.v1',
    reason: 'held_before',
    withdrawalId: again.data.withdrawalId,
    heldAs: first.data.withdrawalId,
    heldBy: 'bybit',
    heldDigest: first.data.digest,
  });

  it('under a second withdrawal it is refused with the name of the first, however often, and leaves nothing', async () => {
    const reference = newReference();
    const first = hold(reference);
    const again = hold(reference, '41', accountId, 'b2'.repeat(32)); // on other terms
    await ledger.run(first);

    for (const _time of [1, 2])
      expect(await answersOf(again)).toEqual([expect.objectContaining(heldBefore(again, first))]);
    expect(await ledger.balance(accountId)).toBe('40 of 100');
    const rows = 'SELECT withdrawal_id FROM hold WHERE account_id = $1';
    expect(await ledger.database.query(rows, [accountId])).toEqual([
      { withdrawal_id: first.data.withdrawalId },
    ]);
  });

  it('in one batch as well, and from several instances at once', async () => {
    const reference = newReference();
    const [first, again] = [hold(reference), hold(reference)];
    const [, refused] = await answersOf(first, again);
    expect(refused).toEqual(expect.objectContaining(heldBefore(again, first)));

    const another = newReference();
    const all = Array.from({ length: 4 }, () => hold(another, '10'));
    const answers = await Promise.all(all.map((one) => answersOf(one)));
    expect(answers.flat().filter(({ type }) => type === 'ledger.hold-placed.v1')).toHaveLength(1);
    expect(await ledger.balance(accountId)).toBe('50 of 100');
  });

  it('the first withdrawal is answered as before, and without a receipt once its hold has ended', async () => {
    const first = hold(newReference());
    await ledger.run(first);
    expect(await answersOf(first)).toEqual([
      expect.objectContaining({ type: 'ledger.hold-placed.v1', timedReceipt: expect.any(String) }),
    ]);
    await ledger.run(capture(first, '39', '1', 'bybit'));

    const [ended] = await answersOf(first);
    expect(ended?.type).toBe('ledger.hold-placed.v1');
    expect(ended).not.toHaveProperty('timedReceipt');
    expect(ended).not.toHaveProperty('timedReceipt');
    expect(await ledger.balance(accountId)).toBe('0 of 60');
  });

  it('another account has its own, and what was refused gives its reference back', async () => {
    const reference = newReference();
    await ledger.run(hold(reference));
    const other = await givenAccount(ledger, '100');
    expect(await answersOf(hold(reference, '40', other))).toEqual([
      expect.objectContaining({ type: 'ledger.hold-placed.v1' }),
    ]);

    const [tooMuch, affordable] = [newReference()].flatMap((one) => [
      hold(one, '500'),
      hold(one, '500'),
    ]);
    expect(await answersOf(tooMuch!)).toEqual([
      expect.objectContaining({ reason: 'insufficient_funds' }),
    ]);
    await ledger.run(fund(accountId, '1000', 'second deposit'));
    expect(await answersOf(affordable!)).toEqual([
      expect.objectContaining({ type: 'ledger.hold-placed.v1' }),
    ]);
  });
});
