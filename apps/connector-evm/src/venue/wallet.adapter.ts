import { Injectable } from '@nestjs/common';
import {
  InjectCapabilities,
  type KeyRights,
  VenueClock,
  type VenueStartCheck,
} from '@sluice/connector-engine';
import type {
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
  VenueBalances,
  VenueCancelOutcome,
  VenueCapabilities,
  WithdrawalOrder,
} from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { WalletBalances } from '../balances/wallet-balances.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { Followers } from '../following/followers.js';
import { NonceLanes } from '../lanes/lanes.js';
import { LetGoPayments } from '../sending/let-go.js';
import { TransferPreparer } from '../sending/transfer-preparer.js';
import { readBody, readVenueReference } from '../sending/wanted-transfer.js';
import { ReadWalletRecords } from './wallet.records.js';

@Injectable()
export class WalletPayments {
  constructor(
    private readonly preparer: TransferPreparer,
    private readonly payments: LetGoPayments,
    private readonly database: Database,
    private readonly followers: Followers,
  ) {}

  prepare(order: WithdrawalOrder): Promise<Preparation> {
    return this.preparer.prepare(order);
  }

  /** Same for a first request and a repeat: the same bytes cannot pay twice. */
  async submit(request: PreparedRequest): Promise<SubmitOutcome> {
    try {
      return await this.payments.submit(readBody(request));
    } finally {
      this.followers.endRest();
    }
  }

  /** Requests a void in place of the payment. The outcome of the nonce is reported when final. */
  async cancel(venueReference: string): Promise<VenueCancelOutcome> {
    const place = readVenueReference(venueReference);
    const [row] =
      place === null
        ? []
        : await this.database.query<{ state: string }>(ASK_TO_CANCEL, [
            place.network,
            place.from,
            place.nonce,
          ]);
    if (row === undefined) return { kind: 'refused', message: 'The wallet has no such payment' };
    if (row.state === 'final' || row.state === 'dead')
      return { kind: 'refused', message: 'The transaction is final and cannot be replaced' };
    this.followers.wake();
    return { kind: 'requested' };
  }
}

const ASK_TO_CANCEL = `
  WITH asked AS (
    UPDATE nonce SET cancel_asked_at = clock_timestamp()
     WHERE network = $1 AND address = $2 AND nonce = $3 AND state = 'released' AND cancel_asked_at IS NULL)
  SELECT state FROM nonce WHERE network = $1 AND address = $2 AND nonce = $3`;

/** Our own wallet as a venue: records are our rows, the clock is the database's. */
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

/** Checks if the wallet knows the next nonce of each address, chain by chain. */
@Injectable()
export class WalletStartCheck implements VenueStartCheck {
  constructor(
    private readonly chains: WalletChains,
    private readonly lanes: NonceLanes,
    private readonly database: Database,
    private readonly clock: VenueClock,
  ) {}

  /** Reads the database's clock, because the wallet's records are rows of this database. */
  async readClock(): Promise<void> {
    const askedAtMs = monotonicMs();
    const [row] = await this.database.query<{ at: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
      [],
    );
    if (row) this.clock.observe({ timeMs: row.at, askedAtMs, answeredAtMs: monotonicMs() });
  }

  async fault(): Promise<string | null> {
    await this.readClock();
    const installed = await Promise.all(this.chains.all.map((chain) => this.lanes.install(chain)));
    if (installed.some((isInstalled) => isInstalled)) return null;
    const causes = this.chains.all.flatMap((chain) => chain.trouble());
    return `no chain can be polled: ${causes.join('; ') || 'no node has answered'}`;
  }

  /** No fixed rights: the signer decides about each signature. */
  keyRights(): Promise<KeyRights> {
    return Promise.resolve({
      kind: 'rights',
      lacks: [],
      surplus: [],
      isOpenToAll: null,
      endsAt: null,
      untold: 'The wallet has no key here: the signer decides about each signature.',
    });
  }
}
