import { rowsJson, type Tx } from '@sluice/postgres';

/** Kinds of the cases of disputed submissions: one of them reports each dispute. */
export const OF_DISPUTE_SQL = "IN ('not_as_asked', 'cannot_tell', 'failed_with_transaction')";

/** A fact for a person to examine; changes no state. */
export interface CaseToOpen {
  readonly withdrawalId: string;
  readonly kind: string;
  readonly text: string;
}

/**
 * Opens cases, at most one per withdrawal and kind, and returns them. A submission lost in a
 * restore has no row for a case.
 */
export async function openCases(tx: Tx, cases: readonly CaseToOpen[]): Promise<CaseToOpen[]> {
  if (cases.length === 0) return [];
  return tx.query<CaseToOpen>(
    `INSERT INTO submission_case (withdrawal_id, kind, text)
     SELECT DISTINCT ON (withdrawal_id, kind) withdrawal_id, c.kind, c.text
       FROM json_to_recordset($1::json) AS c(withdrawal_id uuid, kind text, text text) JOIN submission s USING (withdrawal_id)
     ON CONFLICT (withdrawal_id, kind) DO NOTHING
     RETURNING withdrawal_id AS "withdrawalId", kind, text`,
    [
      rowsJson(
        cases.map(({ withdrawalId, kind, text }) => ({ withdrawal_id: withdrawalId, kind, text })),
      ),
    ],
  );
}
