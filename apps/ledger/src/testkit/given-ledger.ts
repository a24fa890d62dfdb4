import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { Database, Outbox, migrate, UnitOfWork, type OutboxRow } from '@sluice/postgres';
import type { Result } from '@sluice/result';
import { asOwner, asService, TEST_LOGIN, type TestPostgres } from '@sluice/test-servers';
import { ApplyCommands } from '../commands/apply-commands.js';
import { beginKeyedChains } from '../hash-chain/begin-keyed-chains.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { proveBook } from '../hash-chain/prove-book.js';
import type { Decision } from '../commands/decide.js';
import type { CommandBody, MoneyOrder, OrderedCommand } from '../commands/ledger-command.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import { TEST_AUTHORITY } from './test-authority.js';
import { LEDGER_SCHEMA } from '../postgres/schema.js';
import { SECRETS } from './test-secrets.js';

export { NO_SIGNERS, TEST_AUTHORITY } from './test-authority.js';

export const USDT = 'USDT.ETH';
export const BTC = 'BTC.BTC';

export type { CommandBody } from '../commands/ledger-command.js';

/** A ledger over a real database of its own. No relay runs: what it publishes stays in its outbox to be looked at. */
export async function givenLedger(postgres: TestPostgres, chainKeys?: ChainKeys) {
  return ledgerAt(await postgres.createDatabase('ledger'), chainKeys);
}

/** The same over a database that the test has made. */
export async function ledgerAt(url: string, chainKeys = SECRETS.keys) {
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: LEDGER_SCHEMA });
  return ledgerOn(
    url,
    await Database.open({ url: asService(url), name: 'ledger-test', poolSize: 4 }),
    chainKeys,
  );
}

/** The same with another login than tests give the service. */
export async function ledgerOn(url: string, service: Database, chainKeys = SECRETS.keys) {
  const database = await Database.open({ url, name: 'looks', poolSize: 4 });
  const published: OutboxRow[] = [];
  const outbox = new Outbox(service);
  outbox.onCommitted((row) => published.push(row));
  const unitOfWork = new UnitOfWork(service, 'ledger', outbox);
  await beginKeyedChains(service, chainKeys);
  const applyCommands = new ApplyCommands(
    unitOfWork,
    { now: () => new Date(), newId: randomUUIDv7 },
    TEST_AUTHORITY,
    chainKeys,
  );
  const queries = new LedgerQueries(service);
  return {
    url,
    /** The superuser's connection: what a test plants and looks at. */
    database,
    /** With the login of the service: for the code under test. */
    service,
    unitOfWork,
    queries,
    applyCommands,
    /** Types of the events in the order in which they were committed. */
    published: () =>
      published.flatMap((row) => row.messages.map((message) => message.headers['ce_type'] ?? '')),
    messages: () => published.flatMap((row) => row.messages),
    /** Whether each batch may be published at once, or has to wait for what another instance has not published yet. */
    publishableAtOnce: () => published.map((row) => row.isOwned),
    /** As if it were another time: the ids of its entries and what it writes down are of then. */
    runAt: async (time: Date, ...bodies: CommandBody[]): Promise<readonly Decision[]> =>
      new ApplyCommands(
        unitOfWork,
        { now: () => time, newId: () => idAt(time) },
        TEST_AUTHORITY,
        SECRETS.keys,
      ).apply(bodies.map((body) => commandOf(body))),
    run: async (...bodies: CommandBody[]): Promise<readonly Decision[]> =>
      applyCommands.apply(bodies.map((body) => commandOf(body))),
    balance: async (accountId: string, asset = USDT): Promise<string> => {
      const found = (await queries.balances(accountId)).find((balance) => balance.asset === asset);
      return found ? `${found.held} of ${found.posted}` : 'none';
    },
    count: async (
      table: 'hold' | 'journal_entry' | 'posting' | 'outbox' | 'inbox',
    ): Promise<number> => {
      const [row] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      return row?.n ?? 0;
    },
    close: async () => void (await Promise.all([service.close(), database.close()])),
  };
}

/** A UUIDv7 of a moment. */
export function idAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
}

/** Throws on a refusal that the test does not expect. */
export function valueOf<T>(result: Result<T, object>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
}

/** What the proof of the book reports, one line per violation. outbox-drains is left out: no relay runs here. */
export async function faultsOf({
  database,
}: Pick<TestLedger, 'database'>): Promise<readonly string[]> {
  const { chain, book } = await proveBook(database, SECRETS);
  const violated = book.violations
    .map(({ invariant }) => invariant)
    .filter((invariant) => !invariant.startsWith('outbox-drains:'));
  return [...(chain.divergence ? [JSON.stringify(chain.divergence)] : []), ...violated];
}

export type TestLedger = Awaited<ReturnType<typeof givenLedger>>;

/** As it is booked: what moves money has its order. */
export function commandOf(body: CommandBody, id: string = randomUUIDv7()): OrderedCommand {
  const envelope = {
    id,
    source: 'test',
    subject: body.data.accountId,
    time: new Date().toISOString(),
  };
  switch (body.type) {
    case 'ledger.fund-account.v1':
    case 'ledger.transfer-funds.v1':
    case 'ledger.reverse-entry.v1':
      return { ...envelope, ...body, order: ORDER };
    default:
      return { ...envelope, ...body };
  }
}

export const ORDER: MoneyOrder = {
  orderedBy: 'olivia',
  approvedBy: null,
  evidence: 'statement 4, line 2',
};

/** The journal entry that a decision made. Throws when it made none. */
export function entryOf(decision: Decision | undefined): string {
  if (!decision || !('entryId' in decision.event.data))
    throw new Error(`no entry was made: ${decision?.refusal?.kind ?? decision?.event.type}`);
  return decision.event.data.entryId;
}

/** An account with money, opened and funded as commands would. */
export async function givenAccount(
  ledger: TestLedger,
  posted: string,
  asset = USDT,
): Promise<string> {
  const accountId: string = randomUUID();
  await ledger.run(openAccount(accountId), fund(accountId, posted, 'first deposit', asset));
  return accountId;
}

export function openAccount(accountId: string, name = 'demo'): CommandBody {
  return { type: 'ledger.open-account.v1', data: { accountId, name } };
}

export function fund(
  accountId: string,
  amount: string,
  reference: string,
  asset = USDT,
): CommandBody {
  return { type: 'ledger.fund-account.v1', data: { accountId, asset, amount, reference } };
}

export function place(
  accountId: string,
  amount: string,
  withdrawalId: string = randomUUIDv7(),
  asset = USDT,
) {
  return {
    type: 'ledger.place-hold.v1',
    data: { withdrawalId, accountId, asset, amount },
  } as const satisfies CommandBody;
}

/** A hold that ends by itself at `expiresAt`. */
export function placeUntil(
  expiresAt: string,
  accountId: string,
  amount: string,
  withdrawalId?: string,
) {
  const { type, data } = place(accountId, amount, withdrawalId);
  return { type, data: { ...data, expiresAt } } as const satisfies CommandBody;
}

interface Placed {
  readonly data: { withdrawalId: string; accountId: string; asset: string };
}

export function capture(
  { data }: Placed,
  amount: string,
  fee = '0',
  venue = 'gateio',
): CommandBody {
  const { withdrawalId, accountId, asset } = data;
  return {
    type: 'ledger.capture-hold.v1',
    data: { withdrawalId, accountId, asset, amount, fee, venue },
  };
}

export function assign(
  { data: { withdrawalId, accountId } }: Placed,
  venue: string,
  from: string,
  proof: string,
): CommandBody {
  return { type: 'ledger.assign-hold.v1', data: { withdrawalId, accountId, venue, from, proof } };
}

export function release(
  { data: { withdrawalId, accountId } }: Placed,
  reason = 'proven absent',
  proof?: string,
): CommandBody {
  return {
    type: 'ledger.release-hold.v1',
    data: { withdrawalId, accountId, reason, ...(proof !== undefined && { proof }) },
  };
}

export function venueFee(
  { data }: Placed,
  amount: string,
  venue = 'gateio',
  reference?: string,
): CommandBody {
  const { withdrawalId, accountId, asset } = data;
  return {
    type: 'ledger.record-venue-fee.v1',
    data: {
      withdrawalId,
      accountId,
      venue,
      asset,
      amount,
      ...(reference !== undefined && { reference }),
    },
  };
}

export function startSubmission({ data }: Placed): CommandBody {
  return {
    type: 'ledger.start-submission.v1',
    data: { withdrawalId: data.withdrawalId, accountId: data.accountId },
  };
}

export function expire({ data }: Placed): CommandBody {
  return {
    type: 'ledger.expire-hold.v1',
    data: { withdrawalId: data.withdrawalId, accountId: data.accountId },
  };
}

export function freeze(accountId: string, freezeId = 'case 1'): CommandBody {
  return { type: 'ledger.freeze-account.v1', data: { accountId, freezeId, reason: 'court order' } };
}

export function unfreeze(accountId: string, freezeId = 'case 1'): CommandBody {
  return { type: 'ledger.unfreeze-account.v1', data: { accountId, freezeId } };
}

export function transfer(
  accountId: string,
  from: string,
  to: string,
  amount: string,
  reference = 'rebalance',
): CommandBody {
  return {
    type: 'ledger.transfer-funds.v1',
    data: { accountId, from, to, asset: USDT, amount, reference },
  };
}

export function reverse(accountId: string, entryId: string, reason = 'a mistake'): CommandBody {
  return { type: 'ledger.reverse-entry.v1', data: { accountId, entryId, reason } };
}
