import type { Asset } from '@sluice/money';
import type { BreakToOpen } from '../breaks/open-breaks.js';
import type { CeilingSpan } from '@sluice/ceilings';

/** It belongs to this instance from now on. */
export interface ClaimedRow {
  readonly above: null;
  readonly withdrawal_id: string;
  readonly asset: Asset;
  readonly lease_token: string;
  readonly left_ms: number | null;
  readonly traceparent: string | null;
  /** The heartbeats that the database has counted. */
  readonly beats: number | null;
}

/** It stays in the queue. */
export interface RowAbove extends Pick<ClaimedRow, 'withdrawal_id' | 'asset' | 'beats'> {
  readonly above: CeilingSpan | 'none';
  /** When the hour or the day began. */
  readonly moment: string;
}

/** The counter that a claim has read is below one that this process has seen before: nothing of the claim is stored. */
export class DatabaseWentBackError extends Error {
  override readonly name = 'DatabaseWentBackError';
}

export function isAbove(row: ClaimedRow | RowAbove): row is RowAbove {
  return row.above !== null;
}

export function isClaimed(row: ClaimedRow | RowAbove): row is ClaimedRow {
  return row.above === null;
}

export function ceilingBreak({
  withdrawal_id: withdrawalId,
  asset,
  above,
  moment,
}: RowAbove): BreakToOpen {
  const subject = `${asset} ${above} ${above === 'call' || above === 'none' ? withdrawalId : moment}`;
  const details = `with ${withdrawalId} more ${asset} would be sent than this connector ever sends (${above})`;
  return { kind: 'ceiling', subject, withdrawalId, details, asset };
}
