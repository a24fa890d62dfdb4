import type { Asset, CeilingSpan } from '@sluice/kernel';
import type { BreakToOpen } from '../breaks/open-breaks.js';
import type { Numbering } from '../attempts/attempt-numbers.js';

/** Row now claimed by this instance. */
export interface ClaimedRow {
  readonly above: null;
  readonly withdrawal_id: string;
  readonly asset: Asset;
  readonly lease_token: string;
  readonly left_ms: number | null;
  readonly traceparent: string | null;
  /** Number of heartbeats counted by the database. */
  readonly beats: number | null;
  /** Numbering before the claim; null if the counter is missing. */
  readonly numbering: NumberingRow | null;
  /** Highest number of an attempt before this claim; null for a row above a ceiling. */
  readonly before: number | null;
}

interface NumberingRow {
  readonly last: number;
  readonly swept_to: number;
  /** Missing numbers among the newest; null: none. */
  readonly missing: readonly number[] | null;
}

/** Row above a ceiling; stays in the queue. */
export interface RowAbove extends Pick<
  ClaimedRow,
  'withdrawal_id' | 'asset' | 'beats' | 'numbering' | 'before'
> {
  readonly above: CeilingSpan | 'none';
  /** Begin of the hour or day. */
  readonly moment: string;
}

/**
 * The heartbeat counter read by a claim is lower than a value seen before by this process: the
 * claim is rolled back.
 */
export class DatabaseWentBackError extends Error {
  override readonly name = 'DatabaseWentBackError';
}

export function numberingOf({ numbering }: Pick<ClaimedRow, 'numbering'>): Numbering | null {
  if (numbering === null) return null;
  const { last, swept_to: sweptTo, missing } = numbering;
  return { last, sweptTo, missing: missing ?? [] };
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
