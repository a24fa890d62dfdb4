import { Injectable } from '@nestjs/common';
import { AuditedChains } from '../chains/audited-chains.js';
import { CoveredVenues } from '../venues/venue-readers.js';

/** The records of venues and the chains of the wallet that this process reads. */
@Injectable()
export class AuditedSources {
  constructor(
    private readonly venues: CoveredVenues,
    private readonly wallet: AuditedChains,
  ) {}

  /** The venues whose payments are compared. */
  get names(): readonly string[] {
    return [...this.venues.list.map(({ venue }) => venue), ...this.wallet.names];
  }

  /** Calls a listener after each complete reading, with the number of listed payments. */
  onRead(listener: (listed: number) => void): void {
    this.venues.onRead = this.wallet.onRead = listener;
  }

  /** Reads these venues again without a pause. */
  readAgain(venues: readonly string[]): void {
    this.venues.readAgain(venues);
  }
}
