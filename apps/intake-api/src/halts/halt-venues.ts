import { openHalts } from '@sluice/halt';
import type { Tx } from '@sluice/postgres';
import { haltVenueMessage } from '../withdrawals/wire.js';

/** What a venue has done with a withdrawal that nobody asked of it. */
export interface VenueFault {
  readonly venue: string;
  readonly withdrawalId: string;
  /** As the case that it has opened. */
  readonly trigger: string;
  readonly detail: string;
  /** What the halt is about, once for ever; where it is not given, this finding about this withdrawal. */
  readonly subject?: string;
}

const LONGEST_DETAILS = 900;

/**
 * Halts these venues, here and by a command to their connectors, in the transaction that opens the cases. A venue that no route names has
 * no connector that could be told: its name comes from an event.
 */
export async function haltVenues(tx: Tx, faults: readonly VenueFault[]): Promise<void> {
  if (faults.length === 0) return;
  const bySubject = new Map(
    faults.map((fault) => [
      fault.subject ?? `${fault.trigger} ${fault.withdrawalId} ${fault.venue}`,
      fault,
    ]),
  );
  const halts = [...bySubject].map(([subject, { venue, trigger, detail }]) => ({
    ...{ scope: 'venue' as const, target: venue, reason: trigger, subject },
    details: detail.slice(0, LONGEST_DETAILS),
  }));
  const opened = await openHalts(tx, halts, 'intake-api');
  const routed = await tx.query<{ venue: string }>(
    'SELECT DISTINCT venue FROM route WHERE venue = ANY ($1)',
    [opened.map(({ target }) => target)],
  );
  const known = new Set(routed.map(({ venue }) => venue));
  const at = await tx.now();
  for (const { subject, details } of opened) {
    const fault = bySubject.get(subject);
    if (fault && known.has(fault.venue))
      tx.publish(haltVenueMessage(fault.venue, { ...fault, subject, details }, at));
  }
}
