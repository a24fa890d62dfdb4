import { HOLD_COLUMNS, HOLD_STATE, HOLD_TERMS } from '@sluice/http-api';
import type { GivenRow } from '@sluice/kernel';
import type { Account, Balance, BookChanges, Freeze, Hold } from '@sluice/ledger-core';
import { assignmentsFrom, givenRows, namesOf, rowsOf, type Tx } from '@sluice/postgres';
import { type ChainKeys, endKeyOf, secretOf, UnknownLockError } from '../hash-chain/chain-keys.js';
import type { ChainHead } from '../hash-chain/chain-digest.js';
import { OPEN_STATES, PLACED } from '../sql/hold-state-sql.js';
import type { MoneyOrder } from '../wire/ledger-command.js';
import { saveKeys } from './entry-keys.js';
import { extendChain } from './extend-chain.js';

/**
 * Writes a batch with a pipelined statement per table. Fails if a changed balance has no row or a
 * changed hold is no longer placed. The returned heads are valid after the commit.
 */
export function saveChanges(
  tx: Tx,
  changes: BookChanges,
  keys: ChainKeys,
): Promise<readonly ChainHead[]> {
  saveAccounts(tx, changes.openedAccounts);
  saveFreezes(tx, changes);
  tx.require(updateBalances(tx, changes.balances));
  saveNewHolds(tx, changes.newHolds, keys);
  tx.require(saveChangedHolds(tx, changes.changedHolds, keys));
  saveKeys(tx, changes.entries);
  const linked = extendChain((sql, params) => tx.query(sql, params), changes.entries, keys);
  tx.require(linked);
  return linked;
}

export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

function saveAccounts(tx: Tx, accounts: readonly Account[]): void {
  if (accounts.length === 0) return;
  void tx.query(
    'INSERT INTO account (id, name, opened_at, frozen) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::boolean[])',
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.name),
      accounts.map((account) => account.openedAt),
      accounts.map((account) => account.frozen),
    ],
  );
}

function saveFreezes(tx: Tx, { freezes, frozen }: Pick<BookChanges, 'freezes' | 'frozen'>): void {
  if (freezes.length === 0) return;
  void tx.query(
    `INSERT INTO account_freeze (account_id, freeze_id, reason, frozen_at, lifted_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     ON CONFLICT (account_id, freeze_id) DO UPDATE SET lifted_at = excluded.lifted_at`,
    columnsOf(freezes, 'accountId', 'freezeId', 'reason', 'frozenAt', 'liftedAt'),
  );
  void tx.query(
    'UPDATE account a SET frozen = k.frozen FROM unnest($1::uuid[], $2::boolean[]) AS k(id, frozen) WHERE a.id = k.id',
    [frozen.map(({ id }) => id), frozen.map((account) => account.frozen)],
  );
}

function columnsOf(freezes: readonly Freeze[], ...fields: (keyof Freeze)[]): unknown[][] {
  return fields.map((field) => freezes.map((freeze) => freeze[field]));
}

async function updateBalances(tx: Tx, balances: readonly Balance[]): Promise<void> {
  if (balances.length === 0) return;
  const [moved] = await tx.query<{ rows: number }>(
    `WITH moved AS (
       UPDATE balance b SET posted = k.posted, held = k.held
         FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS k(account_id, asset, posted, held)
        WHERE b.account_id = k.account_id AND b.asset = k.asset RETURNING 1
     ) SELECT count(*)::int AS rows FROM moved`,
    [
      balances.map((balance) => balance.accountId),
      balances.map((balance) => balance.posted.asset),
      balances.map((balance) => balance.posted.toString()),
      balances.map((balance) => balance.held.toString()),
    ],
  );
  if (moved?.rows !== balances.length)
    throw new Error('a balance that changed has no row: nothing of this batch may be kept');
}

const PLAIN = { ...HOLD_TERMS, assignedTo: HOLD_STATE.assignedTo };
const INSERT_PLAIN = `INSERT INTO hold (${namesOf(PLAIN)}, state)
  SELECT ${namesOf(PLAIN)}, ${PLACED} FROM ${givenRows('k', PLAIN)}`;
const INSERT = `INSERT INTO hold (${namesOf(HOLD_COLUMNS)})
  SELECT ${namesOf(HOLD_COLUMNS)} FROM ${givenRows('k', HOLD_COLUMNS)}`;
const CHANGED = { withdrawalId: HOLD_TERMS.withdrawalId, ...HOLD_STATE };
const UPDATE = `UPDATE hold h SET ${assignmentsFrom('k', HOLD_STATE)}
  FROM ${givenRows('k', CHANGED)}
 WHERE h.withdrawal_id = k.withdrawal_id AND h.state IN (${OPEN_STATES}) RETURNING 1`;

/** Most holds are merely placed; expiring, refused or changed holds need more columns. */
function saveNewHolds(tx: Tx, holds: readonly Hold[], keys: ChainKeys): void {
  const { plain = [], rich = [] } = Object.groupBy(holds, (hold) =>
    isPlain(hold) ? 'plain' : 'rich',
  );
  const rowOf = (hold: Hold) => holdRow(hold, keys);
  if (plain.length > 0) void tx.query(INSERT_PLAIN, [rowsOf(PLAIN, plain.map(rowOf))]);
  if (rich.length > 0) void tx.query(INSERT, [rowsOf(HOLD_COLUMNS, rich.map(rowOf))]);
}

/** Position of the version digit in the text of a UUID. */
const VERSION_AT = 14;

/** Throws for an id from before the retention limit: the deleted hold must not be placed again. */
export function requireRemembered(holds: readonly Hold[], oldestKept: string | null): void {
  const forgotten = holds.find(
    ({ withdrawalId: id }) =>
      id[VERSION_AT] === '7' && oldestKept !== null && id.toLowerCase() < oldestKept,
  );
  if (forgotten)
    throw new Error(
      `withdrawal ${forgotten.withdrawalId} is older than the retention period (RETENTION_DAYS) and may have had a hold`,
    );
}

function isPlain(hold: Hold): boolean {
  return hold.state === 'placed' && hold.expiresAt === null && hold.submissionStartedAt === null;
}

/** Throws if a hold is no longer placed: a single capture per withdrawal, over all partitions. */
async function saveChangedHolds(tx: Tx, holds: readonly Hold[], keys: ChainKeys): Promise<void> {
  if (holds.length === 0) return;
  const changed = holds.map((hold) => holdRow(hold, keys));
  const rows = await tx.query(UPDATE, [rowsOf(CHANGED, changed)]);
  if (rows.length !== holds.length)
    throw new Error('a hold that ended had ended before: nothing of this batch may be kept');
}

function holdRow(hold: Hold, keys: ChainKeys): GivenRow<typeof HOLD_COLUMNS> {
  const { withdrawalId, accountId, decidedAt, digest, reference, lock, state, assignedTo } = hold;
  const captured = hold.state === 'captured' ? hold : null;
  return {
    withdrawalId,
    accountId,
    asset: hold.amount.asset,
    amount: hold.amount.toString(),
    decidedAt,
    digest,
    reference,
    lock,
    ...policyColumns(hold),
    state,
    assignedTo: isUngranted(hold) ? null : assignedTo,
    assignedAt: hold.assignedAt,
    grant: hold.grant,
    endKey: 'closedAt' in hold ? keyOfEnd(hold, keys) : null,
    releaseProof: hold.state === 'released' ? hold.proof : null,
    expiresAt: hold.state === 'placed' ? hold.expiresAt : null,
    submissionStartedAt: hold.state === 'refused' ? null : hold.submissionStartedAt,
    closedAt: 'closedAt' in hold ? hold.closedAt : null,
    captured: captured?.captured.toString() ?? null,
    fee: captured?.fee.toString() ?? null,
    venueFee: captured?.venueFee?.toString() ?? null,
    venue: captured?.venue ?? null,
    entryId: captured?.entryId ?? null,
    reason: reasonOf(hold),
    available:
      hold.state === 'refused' && hold.refusal.kind === 'insufficient_funds'
        ? hold.refusal.available.toString()
        : null,
  };
}

/** A payment without its approval is stored without a venue, as the table requires. */
function isUngranted({ policy, grant }: Hold): boolean {
  return grant === null && policy.approval !== null;
}

const POLICY_REFUSALS: ReadonlySet<string> = new Set(['policy_denied', 'limit_exceeded']);

/** A refusal by the policy is kept with its figures: a repeated command gets the same answer. */
function policyColumns(hold: Hold) {
  const { policy } = hold;
  const isByPolicy = hold.state === 'refused' && POLICY_REFUSALS.has(hold.refusal.kind);
  const detail = {
    ...(policy.venue && { venue: policy.venue }),
    ...(policy.used && { used: policy.used }),
    ...(policy.history && { history: policy.history }),
    ...(policy.approval && { approval: policy.approval }),
    ...(isByPolicy && { refusal: hold.refusal }),
  };
  return {
    policyVersion: policy.version,
    payout: policy.payout.toString(),
    keyId: policy.keyId,
    recipient: policy.recipient,
    priceEur: policy.priceEur,
    policyDetail: Object.keys(detail).length === 0 ? null : detail,
  };
}

/** Returns the key that the table requires for this end. */
function keyOfEnd(hold: Hold, keys: ChainKeys): string {
  const key = endKeyOf(keys, hold);
  if (key !== null) return key;
  if (!keys.knows(secretOf(hold.lock))) throw new UnknownLockError(hold.withdrawalId);
  throw new Error(`hold ${hold.withdrawalId} was not placed by the ledger and cannot end`);
}

function reasonOf(hold: Hold): string | null {
  if (hold.state === 'refused') return hold.refusal.kind;
  return hold.state === 'released' ? hold.reason : null;
}

export interface OrderedEntry extends MoneyOrder {
  readonly entryId: string;
}

/** Stores the order of each entry, in the transaction of the entries. */
export function saveMoneyOrders(tx: Tx, orders: readonly OrderedEntry[]): void {
  if (orders.length === 0) return;
  void tx.query(
    `INSERT INTO money_order (entry_id, ordered_by, approved_by, evidence)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
    [
      orders.map(({ entryId }) => entryId),
      orders.map(({ orderedBy }) => orderedBy),
      orders.map(({ approvedBy }) => approvedBy),
      orders.map(({ evidence }) => evidence),
    ],
  );
}
