import { randomUUIDv7 } from 'node:crypto';
import { Book, customerOf } from '@sluice/ledger-core';
import { decide } from './commands/decide.js';
import { isClaimedFirst } from './commands/decide-again.js';
import { describeLedger, type LedgerUnderTest } from './testkit/describe-ledger.js';
import { NO_CASES, NO_POLICY, NO_SIGNERS, TEST_AUTHORITY } from './testkit/test-authority.js';
import { assetFrom } from './wire/wire.js';

describeLedger('a ledger in memory', async (now) => inMemory(now));

/** The rules alone: one book that is never written down. */
function inMemory(now: () => Date): LedgerUnderTest {
  const [book, claimed] = [new Book(), new Set<string>()];
  return {
    apply: async (batch) =>
      [...new Set(batch)]
        .filter(({ id }) => !claimed.has(id))
        .map((command) => {
          const { event, refusal } = decide(book, command, {
            at: now().toISOString(),
            newId: randomUUIDv7,
            authority: TEST_AUTHORITY,
            orders: NO_SIGNERS,
            policy: NO_POLICY,
            cases: NO_CASES,
          });
          if (isClaimedFirst(command) || refusal !== null) claimed.add(command.id);
          return event;
        }),
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
