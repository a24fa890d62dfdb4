import { monotonicMs, type Logger } from '@sluice/runtime';
import { Counter } from 'prom-client';

/** Time until an order of a closed asset tries the venue again. */
const CLOSED_FOR_MS = 600_000;

interface Closing {
  readonly untilMs: number;
  readonly because: string;
}

const closings = new Counter({
  name: 'sluice_venue_closed_assets_total',
  help: 'Assets whose withdrawals the venue has closed, by refusal; each is closed for ten minutes',
  labelNames: ['asset'],
});

/**
 * Assets whose withdrawals the venue has closed, as a refusal has said. Orders of such an asset are
 * refused before any request, so that the next venue pays; other assets go on.
 */
export class ClosedAssets {
  private readonly closings = new Map<string, Closing>();

  constructor(
    private readonly venue: string,
    private readonly logger: Pick<Logger, 'error'>,
    private readonly now: () => number = monotonicMs,
  ) {}

  close(asset: string, because: string): void {
    closings.inc({ asset });
    if (this.because(asset) === null)
      this.logger.error(
        { venue: this.venue, asset, because, forMs: CLOSED_FOR_MS },
        'the venue has closed withdrawals of an asset: its orders go to the next venue meanwhile',
      );
    this.closings.set(asset, { untilMs: this.now() + CLOSED_FOR_MS, because });
  }

  /** The venue's words; null for an open asset. */
  because(asset: string): string | null {
    const closing = this.closings.get(asset);
    return closing !== undefined && this.now() < closing.untilMs ? closing.because : null;
  }
}
