import { monotonicMs, type Logger } from '@sluice/runtime';
import type { Preparation } from '@sluice/connector-rules';
import { startAtZero } from '@sluice/service-shell';
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
  private readonly closed = new Map<string, Closing>();
  private readonly venue: string;

  constructor(
    { venue, assets }: { readonly venue: string; readonly assets: readonly string[] },
    private readonly logger: Pick<Logger, 'error'>,
    private readonly now: () => number = monotonicMs,
  ) {
    this.venue = venue;
    startAtZero(closings, { asset: assets });
  }

  close(asset: string, because: string): void {
    closings.inc({ asset });
    if (this.because(asset) === null)
      this.logger.error(
        { venue: this.venue, asset, because, forMs: CLOSED_FOR_MS },
        'the venue has closed withdrawals of an asset: its orders go to the next venue meanwhile',
      );
    this.closed.set(asset, { untilMs: this.now() + CLOSED_FOR_MS, because });
  }

  /** The venue's words; null for an open asset. */
  because(asset: string): string | null {
    const closing = this.closed.get(asset);
    return closing !== undefined && this.now() < closing.untilMs ? closing.because : null;
  }

  /** Refuses an order of a closed asset before any request; null for an open asset. */
  refusalOf({ asset }: { readonly asset: string }): Preparation | null {
    const message = this.because(asset);
    return message === null ? null : { kind: 'refused', reason: 'withdrawals_closed', message };
  }
}
