import { Injectable } from '@nestjs/common';
import { InjectCapabilities } from '@sluice/connector-engine';
import type {
  VenueBalances,
  VenueCancelOutcome,
  Listing,
  ListingWindow,
  LookupOutcome,
  OtherSpending,
  Preparation,
  PreparedRequest,
  SearchKey,
  SpendingSpan,
  SubmitOutcome,
  VenueAdapter,
  VenueCapabilities,
  WithdrawalOrder,
} from '@sluice/connector-rules';
import { WalletBalances } from '../balances/wallet-balances.js';
import { ReadWalletRecords } from './read-wallet-records.js';
import { WalletPayments } from './wallet-payments.js';

/**
 * Our own wallet as a venue. Its records are our own rows, and the venue clock is the clock of this
 * database.
 */
@Injectable()
export class WalletAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly payments: WalletPayments,
    private readonly records: ReadWalletRecords,
    private readonly funds: WalletBalances,
  ) {}

  prepare(order: WithdrawalOrder): Promise<Preparation> {
    return this.payments.prepare(order);
  }

  submit(request: PreparedRequest): Promise<SubmitOutcome> {
    return this.payments.submit(request);
  }

  lookup(key: SearchKey): Promise<LookupOutcome> {
    return this.records.lookup(key);
  }

  list(window: ListingWindow): Promise<Listing> {
    return this.records.list(window);
  }

  unread(): Promise<string | null> {
    return this.records.unread();
  }

  heldBy(venueReference: string): Promise<string | null> {
    return this.records.refusedByNodes(venueReference);
  }

  balances(): Promise<VenueBalances> {
    return this.funds.read();
  }

  besides(spans: readonly SpendingSpan[]): Promise<readonly OtherSpending[]> {
    return this.funds.besides(spans);
  }

  cancel(venueReference: string): Promise<VenueCancelOutcome> {
    return this.payments.cancel(venueReference);
  }
}
