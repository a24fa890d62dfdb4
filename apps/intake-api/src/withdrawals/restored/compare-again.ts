import type { Tx } from '@sluice/postgres';
import { idAt, timeOfId } from '../../rows/id-time.js';

/** Older ids are not compared again: a message may name any. */
const DAY_MS = 86_400_000;

/**
 * Has holds compared again from the oldest of these withdrawals on: the ledger may have placed
 * holds of withdrawals not on record after their comparison.
 */
export async function compareHoldsAgain(tx: Tx, withdrawalIds: readonly string[]): Promise<void> {
  const now = (await tx.now()).getTime();
  const times = withdrawalIds.map(timeOfId).filter((time) => time > now - DAY_MS);
  if (times.length > 0) await tx.query(GO_BACK, [idAt(Math.min(...times) - 1)]);
}

const GO_BACK =
  'UPDATE ledger_comparison SET holds_compared_to = least(holds_compared_to, $1::uuid)';
