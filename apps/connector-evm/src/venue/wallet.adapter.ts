import { Injectable } from '@nestjs/common';
import { InjectCapabilities } from '@sluice/connector-engine';
import type {
  VenueBalances,
  VenueCancelOutcome,
  ListedWithdrawal,
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
import { Database } from '@sluice/postgres';
import { WalletBalances } from '../balances/wallet-balances.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { Followers } from '../following/followers.js';
import { NonceLanes } from '../lanes/lanes.js';
import { LetGoPayments } from '../sending/let-go.js';
import { RememberedPayments, type Doubtful } from '../sending/remembered-payments.js';
import { readBody, readVenueReference } from '../sending/transfer-request.js';
import { TransferPreparer } from '../sending/transfer-preparer.js';
import {
  recordOf,
  recordsOfDoubtful,
  RECORD_OF_NONCE,
  RECORDS_BY_REFERENCE,
  RECORDS_IN_TIME,
  type RecordRow,
} from './wallet.records.js';

const PAGE = 5_000;
const SIGNER_AGAIN_MS = 2_000;

/**
 * Our own wallet as a venue. Its records are our own rows, and the venue clock is the clock of this
 * database.
 */
@Injectable()
export class WalletAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly preparer: TransferPreparer,
    private readonly payments: LetGoPayments,
    private readonly chains: WalletChains,
    private readonly database: Database,
    private readonly followers: Followers,
    private readonly funds: WalletBalances,
    private readonly remembered: RememberedPayments,
    private readonly lanes: NonceLanes,
  ) {}

  prepare(order: WithdrawalOrder): Promise<Preparation> {
    return this.preparer.prepare(order);
  }

  /** Same for a first request and a repeat: the same bytes cannot pay twice. */
  submit(request: PreparedRequest): Promise<SubmitOutcome> {
    return this.payments.submit(readBody(request));
  }

  async lookup({ clientReference, from, to }: SearchKey): Promise<LookupOutcome> {
    const recall = await this.remembered.recallUnsent();
    if (recall.kind === 'unavailable') return { ...recall, retryAfterMs: SIGNER_AGAIN_MS };
    const records = await this.records(RECORDS_BY_REFERENCE, [clientReference]);
    return records.length === 0
      ? { kind: 'not_found', covered: { from, to } }
      : { kind: 'found', records };
  }

  /** Lists records. Payments known only to the signer are recalled first. */
  async list({ from, to, offset, venueReference }: ListingWindow): Promise<Listing> {
    const covered = { from, to };
    if (venueReference !== undefined) {
      const place = readVenueReference(venueReference);
      const records =
        place === null
          ? []
          : await this.records(RECORD_OF_NONCE, [place.network, place.from, place.nonce]);
      return { kind: 'page', records, last: true, covered };
    }
    const recall = await this.remembered.recallUnsent();
    if (recall.kind === 'unavailable') return { ...recall, retryAfterMs: SIGNER_AGAIN_MS };
    const records = await this.records(RECORDS_IN_TIME, [from, to, PAGE, offset]);
    const doubtful = offset === 0 ? recall.doubtful.flatMap((one) => this.recordsOf(one)) : [];
    return {
      kind: 'page',
      last: records.length < PAGE,
      covered,
      records: [...records, ...doubtful],
    };
  }

  /** Payments of a network may be missing here until its addresses are compared with their chain, as after a restore. */
  unread(): Promise<string | null> {
    const networks = this.chains.all.map(({ settings }) => settings.network);
    const waiting = networks.filter((network) => !this.lanes.areRead(network));
    return Promise.resolve(
      waiting.length === 0
        ? null
        : `what the addresses have sent on ${waiting.join(', ')} is not read from the chain yet`,
    );
  }

  balances(): Promise<VenueBalances> {
    return this.funds.read();
  }

  besides(spans: readonly SpendingSpan[]): Promise<readonly OtherSpending[]> {
    return this.funds.besides(spans);
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
      return { kind: 'refused', message: 'It is final: nothing can replace it any more' };
    this.followers.wake();
    return { kind: 'requested' };
  }

  private recordsOf(doubtful: Doubtful): ListedWithdrawal[] {
    const paid = this.chains.assets.get(doubtful.asset);
    return paid === undefined ? [] : recordsOfDoubtful(doubtful, paid);
  }

  private async records(sql: string, params: readonly unknown[]): Promise<ListedWithdrawal[]> {
    const rows = await this.database.query<RecordRow>(sql, params);
    return rows.flatMap((row) => {
      const paid = this.chains.assets.get(row.asset);
      return paid === undefined ? [] : [recordOf(row, paid)];
    });
  }
}

const ASK_TO_CANCEL = `
  WITH asked AS (
    UPDATE nonce SET cancel_asked_at = clock_timestamp()
     WHERE network = $1 AND address = $2 AND nonce = $3 AND state = 'released' AND cancel_asked_at IS NULL)
  SELECT state FROM nonce WHERE network = $1 AND address = $2 AND nonce = $3`;
