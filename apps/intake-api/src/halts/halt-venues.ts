import { openHalts } from '@sluice/service-shell';
import type { Tx } from '@sluice/postgres';
import { haltVenueMessage } from '../wire/wire.js';

interface VenueFault {
  readonly venue: string;
  readonly withdrawalId: string;
  readonly trigger: string;
  readonly detail: string;
  /** Each subject causes a halt only once, ever. Default: this finding about this withdrawal. */
  readonly subject?: string;
}

const LONGEST_DETAILS = 900;

/**
 * Halts these venues, locally and by a command to their connectors, together with the cases. A
 * venue without a route has no connector.
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
    scope: 'venue' as const,
    target: venue,
    reason: trigger,
    subject,
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
