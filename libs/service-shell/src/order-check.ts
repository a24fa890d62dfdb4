import { Counter } from 'prom-client';

const mismatches = new Counter({
  name: 'sluice_order_mismatches_total',
  help: 'Commands and facts that were not of the order that was asked for, by who noticed. Anything but 0 is an incident',
  labelNames: ['noticed_by'],
});

/** Counts a message that names another order than the one that was asked for: it was refused, and a person must find out why. */
export function countOrderMismatch(noticedBy: string): void {
  mismatches.inc({ noticed_by: noticedBy });
}

/** Refuses commands whose fields are not what their sender digested: they were changed on their way, and nothing of them may be stored. */
export class OrderCheck<C extends { readonly id: string }> {
  private lastCounted = '';

  constructor(
    private readonly noticedBy: string,
    private readonly faultOf: (command: C) => string | null,
  ) {}

  /** Throws at the first such command; the consumer then splits the batch until it is alone, and dead-letters it with this error as its cause. */
  require(batch: readonly C[]): void {
    for (const command of batch) {
      const fault = this.faultOf(command);
      if (fault === null) continue;
      if (batch.length === 1) this.count(command.id);
      throw new Error(`this is not the order that was given, nothing of it is believed: ${fault}`);
    }
  }

  /** Alone it is tried a few times in a row, and counts once. */
  private count(id: string): void {
    if (id !== this.lastCounted) countOrderMismatch(this.noticedBy);
    this.lastCounted = id;
  }
}
