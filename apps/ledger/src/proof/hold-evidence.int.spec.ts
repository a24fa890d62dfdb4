import { randomUUIDv7 } from 'node:crypto';
import { isInfrastructureFault } from '@sluice/postgres';
import { watcher, type Violations } from '@sluice/service-shell';
import { signProof } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { haltBook, reasonOf } from '../book-halt/book-halt.js';
import { ApplyCommands } from '../commands/apply-commands.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { expireDueHolds } from '../holds/expire-due-holds.js';
import {
  capture,
  commandOf,
  expire,
  givenAccount,
  givenLedger,
  place,
  placeUntil,
  PROOF_SECRETS,
  release,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { aKey, rulesWith } from '../testkit/test-authority.js';
import { BookWatch } from './book-watch.js';
import { proveBook } from './prove-book.controller.js';

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined };
const DIGEST = 'a1'.repeat(32);
const PAST = '2026-11-20T08:00:00.000Z';
/** The first statement of an intruder with the ledger's login: the hold of a payment under way is given back. */
const LET_GO = `UPDATE hold SET state = 'released', closed_at = now(), reason = 'rejected' WHERE state = 'placed'`;

interface Order {
  readonly type: 'ledger.place-hold.v1';
  readonly data: ReturnType<typeof place>['data'] & { digest: string; venue: string };
}

function untilPast({ data }: Order) {
  return placeUntil(PAST, data.accountId, data.amount, data.withdrawalId);
}

/** As the tables' owner, without the constraint: no service's login can do this. */
async function letGoAsOwner({ database }: TestLedger): Promise<void> {
  await database.query('ALTER TABLE hold DROP CONSTRAINT hold_with_its_key');
  await database.query(LET_GO);
  await database.query('UPDATE balance SET held = 0');
}

describe('the end of a hold', () => {
  let ledger: TestLedger;
  let accountId: string;
  let found: Violations;
  let look: () => Promise<void>;
  beforeEach(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '594468');
    look = watchOver(ledger);
  });
  afterEach(() => ledger.close());

  const watchOver = ({ database }: TestLedger) => {
    const book = new BookWatch(PROOF_SECRETS, { incrementsEveryMs: 0, restFactor: 0 });
    const run = watcher({
      database,
      logger: SILENT,
      watch: {
        check: (query) => book.look(query),
        onViolation: (violations, of) => {
          found = violations;
          return haltBook(of, reasonOf(violations));
        },
      },
    });
    return async () => {
      found = [];
      await run();
    };
  };
  const order = (amount = '580000'): Order => {
    const { type, data } = place(accountId, amount);
    return { type, data: { ...data, digest: DIGEST, venue: 'gateio' } };
  };
  const proofOf = ({ data: { withdrawalId } }: Order): string =>
    signProof(testMessageKeys('connector-gateio').with('ledger'), {
      says: 'nothing moved',
      withdrawalId,
      digest: DIGEST,
      venue: 'gateio',
    });
  const fromKafka = (...bodies: CommandBody[]) =>
    ledger.applyCommands.applyUnlessHalted(bodies.map((body) => commandOf(body)));
  const stateOf = async ({ data }: { data: { withdrawalId: string } }) => {
    const [row] = await ledger.database.query<{ state: string; proof: string | null }>(
      'SELECT state, release_proof AS proof FROM hold WHERE withdrawal_id = $1',
      [data.withdrawalId],
    );
    return row;
  };

  it.each([
    LET_GO,
    `UPDATE hold SET state = 'expired', closed_at = now() WHERE state = 'placed'`,
    `UPDATE hold SET state = 'refused', reason = 'account_frozen' WHERE state = 'placed'`,
    `UPDATE hold SET state = 'captured', closed_at = now(), captured = 1, fee = 0, venue = 'gateio', entry_id = gen_random_uuid() WHERE state = 'placed'`,
    `UPDATE hold SET state = 'released', closed_at = now(), reason = 'r', end_key = 'ab' WHERE state = 'placed'`,
    `UPDATE hold SET state = 'released', closed_at = now(), reason = 'r', end_key = (SELECT end_key FROM hold WHERE state = 'released') WHERE state = 'placed'`,
  ])('is refused to the service’s login without the key of the hold: %s', async (sql) => {
    const failed = order('1');
    await ledger.run(failed, release(failed, 'limit', proofOf(failed)), order());

    await expect(ledger.service.query(sql)).rejects.toThrow('hold_with_its_key');

    expect(await ledger.balance(accountId)).toBe('580000 of 594468');
  });

  it.each([
    'UPDATE hold SET end_lock = NULL',
    ...['NULL', `''`].map(
      (
        lock,
      ) => `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, policy_version, payout, end_lock)
     VALUES (gen_random_uuid(), gen_random_uuid(), 'USDT.ETH', 1, 'placed', now(), 0, 1, ${lock})`,
    ),
  ])('needs the key of each new hold: the service’s login cannot %s', async (sql) => {
    await ledger.run(order());

    await expect(ledger.service.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|23514)$/),
    });
  });

  it('by an expiry time that the service’s login wrote does not happen, and the book halts', async () => {
    const hold = order();
    await ledger.run(hold);
    await ledger.service.query(`UPDATE hold SET expires_at = now() - interval '1 minute'`);

    const { applyCommands } = ledger;
    await expireDueHolds({ database: ledger.service, applyCommands, now: () => new Date() });

    expect(await stateOf(hold)).toMatchObject({ state: 'placed' });
    await look();
    expect(reasonOf(found)).toBe('holds-end-with-evidence');
    await expect(fromKafka(order('1'))).rejects.toThrow('the book is halted');
  });

  it('is not needed to free money on paper: the next look halts the book before another hold is placed', async () => {
    await ledger.run(order());
    await ledger.service.query('UPDATE balance SET held = held - 580000');

    await look();

    expect(reasonOf(found)).toBe('held-is-what-is-placed');
    await expect(fromKafka(order())).rejects.toThrow('the book is halted: held-is-what-is-placed');
  });

  it('has evidence in every way: captured, released on proof or without a venue, and expired', async () => {
    const [paid, failed, plain] = [order('10'), order('11'), place(accountId, '12')];
    const due = placeUntil(PAST, accountId, '13');
    await ledger.run(paid, failed, plain, due, order('14'), place(accountId, '999999'));
    await ledger.run(
      capture(paid, '10', '0', 'gateio'),
      release(failed, 'limit', proofOf(failed)),
      release(plain),
      expire(due),
    );

    await look();

    expect(found).toEqual([]);
    expect(await stateOf(failed)).toEqual({ state: 'released', proof: proofOf(failed) });
    const { book } = await proveBook(ledger.service, PROOF_SECRETS);
    expect(book).toMatchObject({ violations: [], populations: { holds_verified: 6 } });
  });

  it('is found where the tables’ owner let go what is held: at the next look, and by the proof', async () => {
    const hold = order();
    await ledger.run(hold);
    await letGoAsOwner(ledger);

    await look();

    const violation = {
      invariant: 'holds-end-with-evidence',
      rows: [{ withdrawal_id: hold.data.withdrawalId, fault: 'ended_without_key' }],
    };
    expect(found).toMatchObject([violation]);
    await expect(fromKafka(order())).rejects.toThrow('the book is halted: holds-end-with-evidence');
    const { proven, book } = await proveBook(ledger.database, PROOF_SECRETS);
    expect({ proven, violations: book.violations }).toMatchObject({
      proven: false,
      violations: [violation],
    });
  });

  it('is right again once the tables’ owner has put the hold back', async () => {
    await ledger.run(order());
    await letGoAsOwner(ledger);
    await look();
    expect(found).toHaveLength(1);

    await ledger.database.query('ALTER TABLE hold DISABLE TRIGGER state_is_final');
    await ledger.database.query(
      `UPDATE hold SET state = 'placed', closed_at = NULL, reason = NULL`,
    );
    await ledger.database.query('UPDATE balance SET held = 580000');
    await look();

    expect(found).toEqual([]);
  });

  it('is found without the venue’s proof, even with the key', async () => {
    const failed = order();
    await ledger.run(failed, release(failed, 'limit', proofOf(failed)));
    await ledger.database.query('ALTER TABLE hold DISABLE TRIGGER state_is_final');
    await ledger.database.query(
      `UPDATE hold SET release_proof = overlay(release_proof PLACING 'AAAA' FROM position('.' IN release_proof) + 1)`,
    );

    await look();

    expect(found).toMatchObject([{ rows: [{ fault: 'release_unproven' }] }]);
  });

  it.each([
    ['already_released', (hold: Order) => ledger.run(hold).then(() => letGoAsOwner(ledger))],
    ['already_expired', (hold: Order) => ledger.run(untilPast(hold), expire(hold))],
    ['hold_not_found', () => ledger.run(order('1'))],
  ])('halts the book at the capture of a paid withdrawal: %s', async (kind, before) => {
    const hold = order();
    await before(hold);

    const [refused] = await fromKafka(capture(hold, '580000', '0', 'gateio'));

    expect(refused?.refusal?.kind).toBe(kind);
    await expect(fromKafka(order('1'))).rejects.toThrow(
      `a paid withdrawal has no hold to capture: withdrawal ${hold.data.withdrawalId} (${kind})`,
    );
  });

  it('halts nothing when a capture is repeated, or refused with the money still held or captured', async () => {
    const [hold, open] = [order('10'), order('20')];
    await ledger.run(hold, open, capture(hold, '10', '0', 'gateio'));

    const decisions = await fromKafka(
      capture(hold, '10', '0', 'gateio'),
      capture(hold, '9', '0', 'gateio'),
      capture(open, '20', '0', 'bybit'),
      capture(open, '21', '0', 'gateio'),
    );

    expect(decisions.map(({ refusal }) => refusal?.kind ?? 'ok')).toEqual([
      'ok',
      'already_captured',
      'assigned_elsewhere',
      'exceeds_hold',
    ]);
    await expect(fromKafka(order('1'))).resolves.toHaveLength(1);
  });

  it('gives no receipts for a hold that the service’s login inserted, and the book halts', async () => {
    const hold = order('1');
    await ledger.run(order('2'));
    await ledger.service.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, digest, assigned_to, policy_version, payout, end_lock)
       SELECT $1, $2, 'USDT.ETH', 1, 'placed', now(), $3, 'gateio', 0, 1, end_lock FROM hold`,
      [hold.data.withdrawalId, accountId, DIGEST],
    );

    const [decision] = await ledger.run(hold);

    expect(decision?.event).toMatchObject({ type: 'ledger.hold-placed.v1' });
    expect(decision?.event.data).not.toHaveProperty('timedReceipt');
    await look();
    expect(reasonOf(found)).toContain('holds-end-with-evidence');
  });

  it('of a row that cannot be read is reported, and hides no other', async () => {
    await ledger.service.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, policy_version, payout, reason)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'USDT.ETH', 1, 'refused', now(), 0, 1, 'no such reason')`,
    );

    await look();

    expect(found).toMatchObject([{ rows: [{ state: 'refused', fault: 'unreadable' }] }]);
  });

  it('of a row without a lock is reported: the tables’ owner took the constraint away', async () => {
    await ledger.run(order());
    await ledger.database.query('ALTER TABLE hold DROP CONSTRAINT hold_with_its_key');
    await ledger.database.query(`UPDATE hold SET end_lock = NULL`);

    await look();

    expect(found).toMatchObject([{ rows: [{ state: 'placed', fault: 'unreadable' }] }]);
    await expect(fromKafka(order('1'))).rejects.toThrow('the book is halted');
  });

  it('follows a change of the key while the former key is kept, and not without it', async () => {
    const [before, after] = [aKey(), aKey()];
    const other = await givenLedger(ChainKeys.parse(before));
    const owner = await givenAccount(other, '10');
    const [first, second] = [place(owner, '1'), place(owner, '2')];
    await other.run(first, second);
    const withKeys = (text: string) => {
      const keys = ChainKeys.parse(text);
      const time = { now: () => new Date(), newId: randomUUIDv7 };
      return new ApplyCommands(other.unitOfWork, time, rulesWith(keys), keys);
    };

    await withKeys(`${after}\n${before}`).apply([commandOf(release(first))]);

    const fault: unknown = await withKeys(after)
      .apply([commandOf(release(second))])
      .catch((error: unknown) => error);
    expect(String(fault)).toContain('has a lock of none of the keys in CHAIN_KEY_FILE');
    expect(isInfrastructureFault(fault)).toBe(true); // it is tried again and never dead-lettered
    expect(await other.balance(owner)).toBe('2 of 10');
    await other.close();
  });
});
