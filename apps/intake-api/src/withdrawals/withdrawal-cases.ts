import type { Tx } from '@sluice/postgres';

/** A fact that fits no transition: kept for operators, nothing is rewritten. */
export interface OpenedCase {
  /** Of the message that reported it, or a name of its own where the same may be found more than once. */
  readonly messageId: string;
  readonly withdrawalId: string;
  readonly state: string;
  readonly trigger: string;
  readonly detail: string;
}

/** Returns those that were not open before. */
export async function openCases(
  tx: Tx,
  cases: readonly OpenedCase[],
): Promise<readonly OpenedCase[]> {
  if (cases.length === 0) return [];
  const rows = await tx.query<{ message_id: string }>(
    `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger, detail)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING RETURNING message_id`,
    [
      cases.map((open) => open.withdrawalId),
      cases.map((open) => open.messageId),
      cases.map((open) => open.state),
      cases.map((open) => open.trigger),
      cases.map((open) => open.detail),
    ],
  );
  const fresh = new Set(rows.map((row) => row.message_id));
  return cases.filter(({ messageId }) => fresh.has(messageId));
}
