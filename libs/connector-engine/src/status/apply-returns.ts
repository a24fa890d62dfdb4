import { rowsJson, type Tx } from '@sluice/postgres';
import type { EventWriter } from '../wire/event-writer.js';
import type { JudgedRecord } from './judgement.js';
import { publishReturned, type ReturnedRow } from './publish-returned.js';
import { APPLY_RETURNS } from './return-sql.js';

/** A return, or the first record of a return, which a second reading must confirm. */
interface SeenReturn extends ReturnedRow {
  readonly kind: 'first' | 'again';
}

/** Stores the returns among the verdicts. A record read again after `confirmedAfterMs` is no passing fault. */
export async function applyReturns(
  tx: Tx,
  events: EventWriter,
  judged: readonly JudgedRecord[],
  confirmedAfterMs: number,
): Promise<void> {
  const returned = judged.flatMap(({ submission: { withdrawalId }, verdict }) =>
    verdict.kind === 'returned' ? [{ withdrawalId, ...verdict }] : [],
  );
  if (returned.length === 0) return;
  const rows = await tx.query<SeenReturn>(APPLY_RETURNS, [
    rowsJson(returned.map(({ withdrawalId, reason }) => ({ withdrawal_id: withdrawalId, reason }))),
    confirmedAfterMs,
  ]);
  for (const row of rows) {
    const because = returned.find(({ withdrawalId }) => withdrawalId === row.withdrawal_id);
    if (row.kind === 'again' && because) publishReturned(tx, events, row, because);
  }
}
