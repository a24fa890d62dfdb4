import type { Logger } from '@sluice/background';
import { openHalts } from '@sluice/halt';
import type { Tx } from '@sluice/postgres';
import { rowsJson } from '../postgres/rows-json.js';

export type BreakKind =
  /** Paid at the venue and not sent from here. */
  | 'orphan'
  /** Paid otherwise than asked. */
  | 'other_amount'
  | 'other_recipient'
  /** A second record for one submission. */
  | 'paid_twice'
  /** Paid although it had been declared absent, or had been refused or failed: its hold is released. */
  | 'paid_after_absent'
  | 'contrary_after_end'
  /** Settled here and not in the venue's record. */
  | 'missing'
  /** The venue's balance fell by more than what was sent. */
  | 'balance_apart'
  /** More was to be sent than this connector ever sends. */
  | 'ceiling';

export interface BreakToOpen {
  readonly kind: BreakKind;
  readonly subject: string;
  readonly withdrawalId?: string;
  readonly details: string;
  /** Of the halt, where several breaks are one halt; else the break's own subject. */
  readonly haltSubject?: string;
  /** What is halted; the venue unless said. */
  readonly asset?: string;
}

const LONGEST_SUBJECT = 256;
const LONGEST_DETAILS = 1_000;

/**
 * Opens breaks, each with the halt that it demands, in the transaction that found them. One for each kind and subject, closed ones
 * included: what a person has looked at does not come back for being seen again.
 */
export async function openBreaks(
  tx: Tx,
  logger: Pick<Logger, 'error'>,
  breaks: readonly BreakToOpen[],
): Promise<void> {
  if (breaks.length === 0) return;
  const rows = breaks.map(({ kind, subject, withdrawalId, details, haltSubject, asset }) => ({
    kind,
    subject: subject.slice(0, LONGEST_SUBJECT),
    withdrawal_id: withdrawalId ?? null,
    details: details.slice(0, LONGEST_DETAILS),
    halt_subject: (haltSubject ?? subject).slice(0, LONGEST_SUBJECT),
    asset: asset ?? null,
  }));
  const fresh = await tx.query<(typeof rows)[number]>(FRESH, [rowsJson(rows)]);
  if (fresh.length === 0) return;
  await openHalts(
    tx,
    fresh.map(({ kind, halt_subject: subject, details, asset }) => ({
      ...(asset !== null && { scope: 'asset' as const, target: asset }),
      ...{ reason: kind, subject, details },
    })),
    'connector',
  );
  for (const opened of await tx.query<Opened>(OPEN_BREAKS, [rowsJson(fresh)]))
    logger.error(
      { ...opened },
      'a break was opened: nothing it halts is sent until a person has looked',
    );
}

interface Opened {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly details: string;
  readonly halt: string;
}

const GIVEN = `given AS (
    SELECT DISTINCT ON (kind, subject) *
      FROM json_to_recordset($1::json) AS g(kind text, subject text, withdrawal_id uuid, details text, halt_subject text, asset text))`;

const FRESH = `
  WITH ${GIVEN} SELECT * FROM given g WHERE NOT EXISTS (SELECT FROM break b WHERE b.kind = g.kind AND b.subject = g.subject)
     AND NOT EXISTS (SELECT FROM halt h WHERE h.reason = g.kind AND h.subject = g.halt_subject AND h.lifted_at IS NOT NULL)`;

// Another instance may have opened the same meanwhile.
const OPEN_BREAKS = `
  WITH ${GIVEN}
  INSERT INTO break (kind, subject, withdrawal_id, details, halt_id)
  SELECT g.kind, g.subject, g.withdrawal_id, g.details, h.id FROM given g JOIN halt h ON h.reason = g.kind AND h.subject = g.halt_subject ORDER BY g.kind, g.subject
  ON CONFLICT (kind, subject) DO NOTHING
  RETURNING id::text, kind, subject, details, halt_id::text AS halt`;
