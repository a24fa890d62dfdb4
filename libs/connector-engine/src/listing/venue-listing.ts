import { Injectable } from '@nestjs/common';
import type { ListingWindow, UnreadableRow, VenueAdapter } from '@sluice/connector-rules';
import { VenueClock } from '../clock/venue-clock.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { collectWindow, type CollectEnd, type OnPage } from './collect-window.js';

type KeepUnreadable = (form: string, rows: readonly UnreadableRow[]) => Promise<void>;

/** The venue's records, listed by the venue's clock. */
@Injectable()
export class VenueListing {
  private keep: KeepUnreadable = () => Promise.resolve();

  constructor(
    @InjectVenueAdapter()
    readonly venue: Pick<VenueAdapter, 'capabilities' | 'list' | 'lookup' | 'unread'>,
    readonly clock: VenueClock,
  ) {}

  /** Registers the receiver of the rows put aside, which are handed over before their page. */
  onUnreadable(keep: KeepUnreadable): void {
    this.keep = keep;
  }

  collect(window: Omit<ListingWindow, 'offset' | 'cursor'>, onPage: OnPage): Promise<CollectEnd> {
    return collectWindow(this.venue, this.clock, window, async (records, unreadable) => {
      if (unreadable.length > 0) await this.keep(window.form, unreadable);
      return onPage(records, unreadable);
    });
  }
}
