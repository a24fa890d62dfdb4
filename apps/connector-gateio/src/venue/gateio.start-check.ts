import { describe as describeAnswer } from './gateio.answers.js';
import type { GateioClient } from './gateio.client.js';

/**
 * Whether this key can reconcile what it pays: `wallet` and `withdrawal` are separate permissions. Also reads the
 * venue's clock, by which everything is signed. Answers what is wrong, or null.
 */
export async function gateioStartFault(client: GateioClient): Promise<string | null> {
  if (!(await client.readClock())) return 'the clock of Gate cannot be read';
  const answer = await client.listWithdrawals(new URLSearchParams({ limit: '1' }));
  if (answer.kind === 'answer' && answer.status === 200) return null;
  return `the withdrawal records cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
}
