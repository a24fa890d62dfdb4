import { Injectable } from '@nestjs/common';
import type { ListedWithdrawal, ListingWindow, VenueAdapter } from '@sluice/connector-rules';
import { VenueClock } from '../clock/venue-clock.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { collectWindow, type CollectEnd } from './collect-window.js';

/** The venue's records, listed by the venue's clock. */
@Injectable()
export class VenueListing {
  constructor(
    @InjectVenueAdapter()
    readonly venue: Pick<VenueAdapter, 'capabilities' | 'list' | 'lookup' | 'unread'>,
    readonly clock: VenueClock,
  ) {}

  collect(
    window: Omit<ListingWindow, 'offset' | 'cursor'>,
    onPage: (records: readonly ListedWithdrawal[]) => Promise<boolean>,
  ): Promise<CollectEnd> {
    return collectWindow(this.venue, this.clock, window, onPage);
  }
}
