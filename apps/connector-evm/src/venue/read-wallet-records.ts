import { Injectable } from '@nestjs/common';
import type {
  ListedWithdrawal,
  Listing,
  ListingWindow,
  LookupOutcome,
  SearchKey,
} from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes } from '../lanes/lanes.js';
import { RememberedPayments, type Doubtful } from '../sending/remembered-payments.js';
import { readVenueReference } from '../sending/transfer-request.js';
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
 * A listing begins so much earlier than asked. A payment is listed with the time of its release,
 * and the engine compares the time of the request: a slow signer is asked in between.
 */
const RELEASED_BEFORE_MS = 600_000;

interface RefusedRow {
  readonly hash: string;
  readonly refused_as: string;
  readonly refused_with: string | null;
  readonly refusals: number;
}

/** The newest transaction of a nonce, if the nodes refuse it and none of the nonce is in a block. */
const REFUSED = `
  SELECT n.hash, n.refused_as, n.refused_with, n.refusals
    FROM (SELECT t.*, bool_or(t.block_number IS NOT NULL) OVER () AS is_mined FROM transaction t
           WHERE t.network = $1 AND t.address = $2 AND t.nonce = $3 ORDER BY t.signed_at DESC LIMIT 1) n
   WHERE n.refused_as IS NOT NULL AND NOT n.is_mined`;

/** Records of our own wallet: our own rows, and payments known only to the signer. */
@Injectable()
export class ReadWalletRecords {
  constructor(
    private readonly chains: WalletChains,
    private readonly database: Database,
    private readonly remembered: RememberedPayments,
    private readonly lanes: NonceLanes,
  ) {}

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
    const begin = new Date(from.getTime() - RELEASED_BEFORE_MS);
    const records = await this.records(RECORDS_IN_TIME, [begin, to, PAGE, offset]);
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

  /** Returns the last refusal of the nodes for a payment that is in no block, in words. */
  async refusedByNodes(venueReference: string): Promise<string | null> {
    const place = readVenueReference(venueReference);
    if (place === null) return null;
    const { network, from, nonce } = place;
    const [row] = await this.database.query<RefusedRow>(REFUSED, [network, from, nonce]);
    return row
      ? `nodes of ${network} to take transaction ${row.hash}, which they have refused ${row.refusals} times since it was signed (${row.refused_as}): ${row.refused_with}`
      : null;
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
