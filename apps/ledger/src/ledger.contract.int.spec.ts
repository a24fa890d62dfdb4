import { randomUUIDv7 } from 'node:crypto';
import { ApplyCommands } from './commands/apply-commands.js';
import { describeLedger, type LedgerUnderTest } from './testkit/describe-ledger.js';
import { SECRETS } from './testkit/test-authority.js';
import { faultsOf, givenLedger, rulesWith } from './testkit/given-ledger.js';

describeLedger('a ledger over PostgreSQL', onPostgres);

async function onPostgres(now: () => Date): Promise<LedgerUnderTest> {
  const { database, unitOfWork, queries, close } = await givenLedger();
  const commands = new ApplyCommands(
    unitOfWork,
    { now, newId: randomUUIDv7 },
    rulesWith(),
    SECRETS.keys,
  );
  return {
    apply: async (batch) => (await commands.apply(batch)).map(({ event }) => event),
    balance: async (accountId, asset) => {
      const found = (await queries.balances(accountId)).find((balance) => balance.asset === asset);
      return found ? `${found.held} of ${found.posted}` : '0 of 0';
    },
    postings: async (entryId) =>
      ((await queries.entry(entryId))?.postings ?? []).map(
        ({ account, amount }) => `${account} ${amount}`,
      ),
    faults: () => faultsOf({ database }),
    close,
  };
}
