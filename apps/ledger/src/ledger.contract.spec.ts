import { randomUUIDv7 } from 'node:crypto';
import { Book, customerOf } from '@sluice/ledger-core';
import { decide } from './commands/decide.js';
import type { LedgerCommand } from './wire/ledger-command.js';
import { describeLedger, type LedgerUnderTest } from './testkit/describe-ledger.js';
import { NO_SIGNERS, TEST_AUTHORITY } from './testkit/test-authority.js';
import { assetFrom } from './wire/wire.js';

describeLedger('a ledger in memory', async (now) => inMemory(now));

/** The rules alone: one book that is never written down. */
function inMemory(now: () => Date): LedgerUnderTest {
  const [book, answered] = [new Book(), new Set<string>()];
  const isFresh = ({ id }: LedgerCommand) => !answered.has(id) && Boolean(answered.add(id));
  return {
    apply: async (batch) =>
      batch.filter(isFresh).map(
        (command) =>
          decide(book, command, {
            at: now().toISOString(),
            newId: randomUUIDv7,
            authority: TEST_AUTHORITY,
            orders: NO_SIGNERS,
          }).event,
      ),
    balance: async (accountId, asset) => {
      const { posted, held } = book.balance(accountId, assetFrom(asset));
      return `${held.toString()} of ${posted.toString()}`;
    },
    postings: async (entryId) =>
      (book.entry(entryId)?.postings ?? []).map(
        ({ account, amount }) => `${account} ${amount.toString()}`,
      ),
    faults: async () => {
      const { entries, balances } = book.changes();
      const lines = entries.flatMap(({ postings }) => postings);
      return balances.filter(({ accountId, posted }) => {
        const own = lines.filter(
          ({ account, amount }) =>
            customerOf(account) === accountId && amount.asset === posted.asset,
        );
        return !own.reduce((sum, { amount }) => sum.minus(amount), posted).isZero();
      });
    },
    close: async () => undefined,
  };
}
