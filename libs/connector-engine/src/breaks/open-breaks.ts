import type { ListedWithdrawal } from '@sluice/connector-rules';
import { rowsJson, type Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { ofSubjectSql, openHalts } from '@sluice/service-shell';
import type { CaseToOpen } from '../cases/open-cases.js';

export type BreakKind =
  /** Paid at the venue but not sent by this connector. */
  | 'orphan'
  /** Paid otherwise than asked. */
  | 'other_amount'
  | 'other_recipient'
  /** Second venue record for the same submission. */
  | 'paid_twice'
  /** Paid after being declared absent, refused or failed: the hold is already released. */
  | 'paid_after_absent'
  | 'contrary_after_end'
  /** Settled in this database but absent from the venue's records. */
  | 'missing'
  /** The venue's balance fell by more than the sent amounts. */
  | 'balance_apart'
  /** More was to be sent than this connector ever sends. */
  | 'ceiling';

export interface BreakToOpen {
  readonly kind: BreakKind;
  readonly subject: string;
  readonly withdrawalId?: string;
  readonly details: string;
  /** Subject of the halt if several breaks share a halt (default: the break's own subject). */
  readonly haltSubject?: string;
  /** Halted asset (default: the whole venue). */
  readonly asset?: string;
}

const LONGEST_SUBJECT = 256;
const LONGEST_DETAILS = 1_000;

/**
 * Opens breaks with their halts, one per kind and subject. A closed break is not reopened by the
 * same finding.
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
      reason: kind,
      subject,
      details,
    })),
    'connector',
  );
  for (const opened of await tx.query<Opened>(OPEN_BREAKS, [rowsJson(fresh)]))
    logger.error(
      { ...opened },
      'a break was opened: the halted orders are not sent until an operator has checked it',
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

/** SQL condition: halt `h` covers the scope of the given break `g`. */
const SAME_SCOPE = `h.scope = CASE WHEN g.asset IS NULL THEN 'venue' ELSE 'asset' END AND h.target IS NOT DISTINCT FROM g.asset`;

// Only a break with a halt in force at its opening counts: a planted break hides no finding.
const FRESH = `
  WITH ${GIVEN} SELECT * FROM given g
   WHERE NOT EXISTS (SELECT FROM break b JOIN halt h ON h.id = b.halt_id
                      WHERE b.kind = g.kind AND b.subject = g.subject AND h.reason = g.kind AND ${SAME_SCOPE}
                        AND (h.lifted_at IS NULL OR h.lifted_at >= b.opened_at OR h.lifted_at < h.opened_at))
     AND NOT EXISTS (SELECT FROM halt h WHERE h.reason = g.kind AND ${ofSubjectSql('g.halt_subject')} AND ${SAME_SCOPE} AND h.lifted_at IS NOT NULL)`;

// Another instance may have opened the same break, or people may have lifted the halt, meanwhile.
const OPEN_BREAKS = `
  WITH ${GIVEN}
  INSERT INTO break (kind, subject, withdrawal_id, details, halt_id)
  SELECT g.kind, g.subject, g.withdrawal_id, g.details, h.id
    FROM given g CROSS JOIN LATERAL (
      SELECT h.id FROM halt h
       WHERE h.reason = g.kind AND ${ofSubjectSql('g.halt_subject')} AND ${SAME_SCOPE} AND h.lifted_at IS NULL
       ORDER BY h.id LIMIT 1 FOR SHARE OF h) h
   ORDER BY g.kind, g.subject
  ON CONFLICT (kind, subject) DO NOTHING
  RETURNING id::text, kind, subject, details, halt_id::text AS halt`;

export interface PaidAfterAll {
  readonly cases: CaseToOpen[];
  readonly breaks: BreakToOpen[];
}

/** Reasons that declared a payment absent. A payment appearing later disproves them. */
const DECLARED_ABSENT: ReadonlySet<string> = new Set([
  'proven_absent',
  'decided_absent',
  'cancelled',
  'expired',
]);

/** A recorded payment, as named in a case. */
type Paid = Pick<ListedWithdrawal, 'venueReference' | 'venueStatus'> & { readonly gross: string };

/** Returns the case and the break for a payment with a released hold. */
export function paidAfterAll(
  withdrawalId: string,
  reason: string | null,
  { venueReference, venueStatus, gross }: Paid,
): PaidAfterAll {
  const kind = DECLARED_ABSENT.has(reason ?? '') ? 'paid_after_absent' : 'contrary_after_end';
  const text = `the withdrawal ended as ${reason ?? 'refused'}, and the venue has payment ${venueReference} (${venueStatus}, ${gross}) for it`;
  return {
    cases: [{ withdrawalId, kind, text }],
    breaks: [{ kind, subject: `${withdrawalId} ${venueReference}`, withdrawalId, details: text }],
  };
}
