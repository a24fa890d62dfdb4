import { rowsJson, type Tx } from '@sluice/postgres';
import type { JudgeRequest } from '../requests/request-behind.js';
import { SIGNED } from '../requests/request-sql.js';
import { commandRefusals, STORE_COMMAND_REFUSALS } from './command-refusals.js';
import { ledgerFacts, type FollowedEvent, type LedgerFacts } from './ledger-facts.js';
import {
  APPLY_REVERSALS,
  ASSIGNED,
  ENDED,
  LOCK_ENDED,
  MOVED,
  OLDEST_FACT,
  OPENED,
  PLACED,
  REVERSED,
} from './ledger-facts-sql.js';

/** Stores a batch of the ledger's events. */
export async function storeLedgerEvents(
  tx: Tx,
  batch: readonly FollowedEvent[],
  judge: JudgeRequest,
): Promise<void> {
  await storeLedgerFacts(tx, ledgerFacts(batch, judge));
  const refusals = commandRefusals(batch);
  if (refusals.length > 0) await tx.query(STORE_COMMAND_REFUSALS, [rowsJson(refusals)]);
}

/** Stores the facts of a batch with one statement per kind. A repeated batch changes nothing. */
export async function storeLedgerFacts(tx: Tx, facts: LedgerFacts): Promise<void> {
  const { openings, movements, holds, signers, venues, endings, reversals } = facts;
  if (openings.length > 0) await tx.query(OPENED, [openings]);
  if (movements.length > 0) await tx.query(MOVED, [rowsJson(movements)]);
  if (reversals.size > 0)
    await tx.query(REVERSED, [[...reversals.keys()], [...reversals.values()]]);
  if (holds.length > 0) await tx.query(PLACED, [rowsJson(holds)]);
  if (signers.size > 0) await tx.query(SIGNED, [[...signers.values()], [...signers.keys()]]);
  if (venues.size > 0) await tx.query(ASSIGNED, [[...venues.keys()], [...venues.values()]]);
  if (endings.length > 0) {
    await tx.query(LOCK_ENDED, [endings.map((end) => end.withdrawal_id)]);
    await tx.query(ENDED, [rowsJson(endings)]);
  }
  // last: the entry of a reversal may be a capture of this batch
  if (reversals.size + movements.length + endings.length > 0) await tx.query(APPLY_REVERSALS);
}

/** Notes the time of the oldest fact: payments made earlier are not compared with orders. */
export async function noteOldest(tx: Tx, times: readonly string[]): Promise<void> {
  const [oldest] = [...times].sort((one, other) => Date.parse(one) - Date.parse(other));
  if (oldest !== undefined) await tx.query(OLDEST_FACT, [oldest]);
}
