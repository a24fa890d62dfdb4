import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { Database, Outbox, migrate, UnitOfWork, type OutboxRow } from '@sluice/postgres';
import type { Result } from '@sluice/kernel';
import { asOwner, asService, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import { VENUE_A } from '@sluice/test-kit';
import { testSeals } from '@sluice/service-shell/testing';
import { BookLifts } from '../book-halt/book-halt.js';
import { ApplyCommands } from '../commands/apply-commands.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { BookMemory } from '../hash-chain/book-memory.js';
import { proveBook } from '../proof/prove-book.controller.js';
import type { CommandDecision } from '../commands/decision.js';
import type { CommandBody, MoneyOrder, OrderedCommand } from '../wire/ledger-command.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import { PROOF_SECRETS, rulesWith, SECRETS } from './test-authority.js';
import { LEDGER_SCHEMA } from '../postgres/schema.js';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export {
  NO_CASES,
  NO_POLICY,
  NO_SIGNERS,
  PROOF_SECRETS,
  rulesWith,
  TEST_AUTHORITY,
} from './test-authority.js';

export const USDT = 'USDT.ETH';
export const BTC = 'BTC.BTC';

export type { CommandBody } from '../wire/ledger-command.js';

/** Ledger on a real database of its own, without relay: messages stay in the outbox. */
export async function givenLedger(chainKeys?: ChainKeys) {
  return ledgerAt(await testDatabase('ledger'), chainKeys);
}

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
  const lifts = new BookLifts(service, testSeals('ledger'), SILENT);
  const applyCommands = new ApplyCommands(
    unitOfWork,
    { now: () => new Date(), newId: randomUUIDv7 },
    rulesWith(chainKeys),
    chainKeys,
    new BookMemory(lifts),
  );
  const queries = new LedgerQueries(service);
  return {
    url,
    /** Superuser's connection: for the test's own inserts and queries. */
    database,
    /** Connection with the login of the service: for the code under test. */
    service,
    lifts,
    unitOfWork,
    queries,
    applyCommands,
    /** Types of the events in commit order. */
    published: () =>
      published.flatMap((row) => row.messages.map((message) => message.headers['ce_type'] ?? '')),
    messages: () => published.flatMap((row) => row.messages),
    /** False for each batch that must wait for unpublished messages of another instance. */
    publishableAtOnce: () => published.map((row) => row.isOwned),
    /** Applies commands at the given time, used for entry ids and recorded times. */
    runAt: async (time: Date, ...bodies: CommandBody[]): Promise<readonly CommandDecision[]> =>
      new ApplyCommands(
        unitOfWork,
        { now: () => time, newId: () => idAt(time) },
        rulesWith(),
        SECRETS.keys,
      ).apply(bodies.map((body) => commandOf(body))),
    run: async (...bodies: CommandBody[]): Promise<readonly CommandDecision[]> =>
      applyCommands.apply(bodies.map((body) => commandOf(body))),
    balance: async (accountId: string, asset = USDT): Promise<string> => {
      const found = (await queries.balances(accountId)).find((balance) => balance.asset === asset);
      return found ? `${found.held} of ${found.posted}` : 'none';
    },
    /** Makes every account a day older: orders for younger accounts take two people. */
    ageAccounts: () =>
      database.query(`UPDATE account SET opened_at = opened_at - interval '1 day'`),
    count: async (
      table: 'hold' | 'entry_key' | 'journal_entry' | 'posting' | 'outbox' | 'inbox',
    ): Promise<number> => {
      const [row] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      return row?.n ?? 0;
    },
    close: async () => void (await Promise.all([service.close(), database.close()])),
  };
}

export function idAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
}

export function valueOf<T>(result: Result<T, object>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
}

/** Violations found by the proof of the book, a line each, without outbox-drains. */
export async function faultsOf({
  database,
}: Pick<TestLedger, 'database'>): Promise<readonly string[]> {
  const { chain, book } = await proveBook(database, PROOF_SECRETS);
  const violated = book.violations
    .map(({ invariant }) => invariant)
    .filter((invariant) => !invariant.startsWith('outbox-drains:'));
  return [...(chain.divergence ? [JSON.stringify(chain.divergence)] : []), ...violated];
}

export type TestLedger = Awaited<ReturnType<typeof givenLedger>>;

/** Builds a command ready for booking: money movements carry an order. */
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

/** Order by two people: it counts towards no limit of one person. */
export const ORDER: MoneyOrder = {
  orderedBy: 'olivia',
  approvedBy: 'peter',
  evidence: 'statement 4, line 2',
};

/** Returns the journal entry made by a decision. Throws if the decision made no entry. */
export function entryOf(decision: CommandDecision | undefined): string {
  if (!decision || !('entryId' in decision.event.data))
    throw new Error(`no entry was made: ${decision?.refusal?.kind ?? decision?.event.type}`);
  return decision.event.data.entryId;
}

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
  venue: string = VENUE_A,
): Extract<CommandBody, { type: 'ledger.capture-hold.v1' }> {
  const { withdrawalId, accountId, asset } = data;
  return {
    type: 'ledger.capture-hold.v1',
    data: { withdrawalId, accountId, asset, amount, fee, venue },
  };
}

export function withVenueFee(body: ReturnType<typeof capture>, venueFee: string): CommandBody {
  return { ...body, data: { ...body.data, venueFee } };
}

export function assign(
  { data: { withdrawalId, accountId } }: Placed,
  venue: string,
  from: string,
  proof: string,
): Extract<CommandBody, { type: 'ledger.assign-hold.v1' }> {
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
  venue: string = VENUE_A,
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

/** `proof`: the venue whose connector proves the return. */
export function returnOf(
  { data }: Placed,
  amount: string,
  { venue = VENUE_A, proof = venue }: { venue?: string; proof?: string } = {},
): CommandBody {
  const { withdrawalId, accountId, asset } = data;
  return {
    type: 'ledger.return-payment.v1',
    data: { withdrawalId, accountId, venue, asset, amount, proof },
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

export function reverse(accountId: string, entryId: string, reason = 'a mistake') {
  const data = { accountId, entryId, reason };
  return { type: 'ledger.reverse-entry.v1', data } as const satisfies CommandBody;
}

/** Takes back the lines of the venue's fee in a capture. */
export function reverseFee(accountId: string, entryId: string): CommandBody {
  const { type, data } = reverse(accountId, entryId);
  return { type, data: { ...data, lines: 'venue_fee' } };
}
