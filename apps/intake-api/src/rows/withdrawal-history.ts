import type { Tx } from '@sluice/postgres';
import type { RouteDecision, State } from '@sluice/withdrawal-core';

/** Step as recorded in the history. */
export interface HistoryStep {
  readonly withdrawalId: string;
  readonly sequence: number;
  readonly from: State | null;
  readonly to: State;
  readonly trigger: string;
  readonly detail: string | null;
  /** Routing decision with chosen and skipped venues; null if no venue had to be chosen. */
  readonly decision: RouteDecision | null;
}

export function insertHistory(tx: Tx, steps: readonly HistoryStep[], at: Date): void {
  void tx.query(
    `INSERT INTO withdrawal_event (withdrawal_id, sequence, from_state, to_state, trigger, detail, decision, at)
     SELECT *, $8::timestamptz FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])`,
    [
      steps.map((step) => step.withdrawalId),
      steps.map((step) => step.sequence),
      steps.map((step) => step.from),
      steps.map((step) => step.to),
      steps.map((step) => step.trigger),
      steps.map((step) => step.detail),
      steps.map((step) => (step.decision === null ? null : JSON.stringify(step.decision))),
      at.toISOString(),
    ],
  );
}
