import { Counter } from 'prom-client';
import { startAtZero } from '../metrics/start-at-zero.js';

const mismatches = new Counter({
  name: 'sluice_order_mismatches_total',
  help: 'Commands and facts that differ from the requested order, by detecting service. Any value other than 0 is an incident',
  labelNames: ['noticed_by'],
});

const DETECTORS = ['intake-api', 'ledger', 'connector'] as const;
type Detector = (typeof DETECTORS)[number];

startAtZero(mismatches, { noticed_by: DETECTORS });

/**
 * Counts a message with an order different from the requested order. The message was rejected, and
 * a person must find the reason.
 */
export function countOrderMismatch(noticedBy: Detector): void {
  mismatches.inc({ noticed_by: noticedBy });
}

/**
 * Rejects commands with fields different from the sender's digest: the command was changed in
 * transit, and no part may be stored.
 */
export class OrderCheck<C extends { readonly id: string }> {
  private lastCounted = '';

  constructor(
    private readonly noticedBy: Detector,
    private readonly faultOf: (command: C) => string | null,
  ) {}

  /**
   * Throws at the first mismatching command. The consumer splits the batch to isolate the command,
   * and dead-letters the command with this error as the cause.
   */
  require(batch: readonly C[]): void {
    for (const command of batch) {
      const fault = this.faultOf(command);
      if (fault === null) continue;
      if (batch.length === 1) this.count(command.id);
      throw new Error(`the order is not authentic and is refused: ${fault}`);
    }
  }

  /** Counts an isolated command once, although the command is tried several times in a row. */
  private count(id: string): void {
    if (id !== this.lastCounted) countOrderMismatch(this.noticedBy);
    this.lastCounted = id;
  }
}
