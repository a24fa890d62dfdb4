import type { Logger } from '@sluice/connector-runtime';
import { describe as describeAnswer } from './gateio.answers.js';
import type { GateioClient } from './gateio.client.js';

const LARGEST_OFFSET_MS = 30_000;

/**
 * Whether this key can reconcile what it pays: `wallet` and `withdrawal` are separate permissions (sheet §13.6). Also reads the
 * venue's clock; signatures are corrected by the difference, a large one is reported. Answers what is wrong, or null.
 */
export async function gateioStartFault(client: GateioClient, logger: Logger): Promise<string | null> {
  const offsetMs = await client.readClock();
  if (offsetMs === null) return 'the clock of Gate cannot be read';
  if (Math.abs(offsetMs) > LARGEST_OFFSET_MS)
    logger.error({ offsetMs }, 'our clock and the clock of Gate are far apart: signatures are corrected, a person must look');
  const answer = await client.listWithdrawals(new URLSearchParams({ limit: '1' }));
  if (answer.kind === 'answer' && answer.status === 200) return null;
  return `the withdrawal records cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
}
