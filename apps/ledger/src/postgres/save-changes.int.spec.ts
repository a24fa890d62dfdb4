import { randomUUIDv7 } from 'node:crypto';
import { Outbox, UnitOfWork } from '@sluice/postgres';
import { decide } from '../commands/decide.js';
import {
  NO_CASES,
  NO_POLICY,
  NO_SIGNERS,
  TEST_AUTHORITY,
  capture,
  commandOf,
  givenAccount,
  givenLedger,
  place,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { SECRETS } from '../testkit/test-authority.js';
import { lockBook } from './lock-book.js';
import { saveChanges } from './save-changes.js';

describe('saveChanges', () => {
  let ledger: TestLedger;
  beforeAll(async () => void (ledger = await givenLedger()));
  afterAll(() => ledger.close());

  it.each([
    [
      'a hold that is no longer placed is not ended again',
      'DELETE FROM hold',
      'a hold that ended had ended before',
    ],
    [
      'a balance without a row is not written to nowhere',
      'DELETE FROM balance',
      'a balance that changed has no row',
    ],
  ])('%s: nothing of the batch is kept', async (_what, meanwhile, message) => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '10');
    await ledger.run(hold);
    const entries = await ledger.count('journal_entry');
    const command = commandOf(capture(hold, '10'));

    // With rights that the service's login does not have: it could not plant this.
    const { database } = ledger;
    const unitOfWork = new UnitOfWork(database, 'ledger', new Outbox(database));
    const saved = unitOfWork.run(async (tx) => {
      const book = await lockBook(tx, [command]);
      decide(book, command, {
        at: new Date().toISOString(),
        newId: randomUUIDv7,
        authority: TEST_AUTHORITY,
        orders: NO_SIGNERS,
        policy: NO_POLICY,
        cases: NO_CASES,
      });
      await tx.query(`${meanwhile} WHERE account_id = $1`, [accountId]);
      void saveChanges(tx, book.changes(), SECRETS.keys);
    });

    await expect(saved).rejects.toThrow(message);
    expect([await ledger.balance(accountId), await ledger.count('journal_entry')]).toEqual([
      '10 of 100',
      entries,
    ]);
  });
});
