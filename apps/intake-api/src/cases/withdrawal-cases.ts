import type { Tx } from '@sluice/postgres';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';

/** Case: a fact without a matching transition, kept for operators. No data is rewritten. */
export interface OpenedCase {
  /** Id of the reporting message, or a derived id if the same finding may occur repeatedly. */
  readonly messageId: string;
  readonly withdrawalId: string;
  readonly state: string;
  readonly trigger: string;
  readonly detail: string;
}

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

/** Case for a row without a matching seal: the order was changed or forged. */
export function changedOrderCase({ withdrawal }: StoredWithdrawal): OpenedCase {
  const withdrawalId = withdrawal.order.id;
  return {
    messageId: `order_not_as_requested ${withdrawalId}`,
    withdrawalId,
    state: withdrawal.state,
    trigger: 'order_not_as_requested',
    detail: 'the row of the withdrawal differs from its seal: no command is sent for it',
  };
}
