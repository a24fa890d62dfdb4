import { Injectable } from '@nestjs/common';
import type { Address, Hex } from 'viem';
import type {
  ListedWithdrawal,
  Listing,
  ListingWindow,
  LookupOutcome,
  SearchKey,
  VenueStatus,
} from '@sluice/connector-rules';
import {
  Amount,
  type Asset,
  currencyOf,
  destinationKey,
  destinationOf,
  networkOf,
} from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { amountOfUnits, type PayableAsset } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes, ONLY_FORGOTTEN } from '../lanes/lanes.js';
import { type Doubtful, RememberedPayments } from '../sending/remembered-payments.js';
import { readVenueReference, venueReferenceOf } from '../sending/wanted-transfer.js';
import { TRANSFER } from './wallet.capabilities.js';

const PAGE = 5_000;
const SIGNER_AGAIN_MS = 2_000;
/** A payment is listed at its release, later than its request: listings begin so much earlier. */
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

/** A nonce of a withdrawal, with the mined transaction, or otherwise the last sent transaction. */
interface RecordRow {
  readonly network: string;
  readonly address: Address;
  readonly nonce: string;
  /** Null for a payment that the chain has and no other record. */
  readonly client_reference: string | null;
  readonly asset: Asset;
  readonly amount: string;
  readonly recipient: Address;
  readonly state: 'leased' | 'released' | 'final' | 'dead';
  readonly outcome: 'paid' | 'no_transfer' | 'reverted' | 'disputed' | 'void' | 'dead' | null;
  readonly cancelled: boolean;
  readonly taken_back: boolean;
  readonly since: Date;
  readonly hash: Hex | null;
  readonly block_number: string | null;
  readonly head_number: string | null;
  /** Class of the nodes' refusal of the newest bytes; null if a node has taken the bytes. */
  readonly refused_as: string | null;
}

/** Converts our own row to a venue record. Gas is our cost and not part of the record. */
function recordOf(row: RecordRow, paid: PayableAsset): ListedWithdrawal {
  const amount = amountOfUnits(BigInt(row.amount), paid);
  const isOtherwise = row.outcome === 'disputed';
  return {
    form: TRANSFER,
    venueReference: venueReferenceOf({
      network: row.network,
      from: row.address,
      nonce: BigInt(row.nonce),
    }),
    clientReference: row.client_reference,
    currency: currencyOf(row.asset),
    network: networkOf(row.asset),
    destination: destinationKey({ type: 'address', address: row.recipient }),
    gross: isOtherwise ? null : amount,
    net: isOtherwise ? null : amount,
    venueFee: null,
    createdAt: row.since,
    txHash: row.hash,
    ...(row.block_number !== null && {
      blockNumber: row.block_number,
      confirmations: confirmationsOf(row.block_number, row.head_number),
    }),
    status: statusOf(row, paid),
    venueStatus: venueStatusOf(row),
  };
}

/** Two records of an order, both uncertain: a person must decide. */
function recordsOfDoubtful(
  { client_reference: clientReference, amount, destination, since, either }: Doubtful,
  { asset }: PayableAsset,
): ListedWithdrawal[] {
  const gross = Amount.of(amount, asset);
  return either.map((seen) => ({
    form: TRANSFER,
    venueReference: `${seen}, for ${clientReference}`,
    clientReference,
    gross,
    net: gross,
    venueFee: null,
    currency: currencyOf(asset),
    network: networkOf(asset),
    createdAt: since,
    txHash: null,
    destination: destinationKey(destinationOf(destination)),
    status: { kind: 'pending' },
    venueStatus: 'not on record',
  }));
}

function statusOf(
  { outcome, cancelled, hash, taken_back: isTakenBack }: RecordRow,
  { token }: PayableAsset,
): VenueStatus {
  if (isTakenBack) return { kind: 'pending', alert: 'a reorganisation has taken it back' };
  switch (outcome) {
    case null:
      return { kind: hash === null ? 'pending' : 'broadcast' };
    case 'paid':
      return { kind: 'settled' };
    case 'disputed':
      // A token with a wrong transfer proves no fault of other tokens or of the wallet's keys.
      return { kind: 'settled', isOtherwise: true, ...(token !== null && { faultOf: 'asset' }) };
    case 'void':
      return failed('cancelled', 'a void has used its nonce, and is final', cancelled);
    case 'reverted':
      return failed('reverted', 'the chain has reverted it: nothing moved', false);
    case 'no_transfer':
      return failed('no_transfer', 'several nodes prove that the token has moved nothing', false);
    case 'dead':
      return failed('nonce_used', 'another transaction has used its nonce, and is final', false);
  }
}

function failed(reason: string, message: string, cancelled: boolean): VenueStatus {
  return { kind: 'failed', reason, message, cancelled, isProven: true };
}

function venueStatusOf(row: RecordRow): string {
  if (row.taken_back) return 'taken back';
  return (
    row.outcome ?? (row.block_number !== null ? 'in a block' : (refusalOf(row) ?? sentOf(row)))
  );
}

function refusalOf({ refused_as: refused }: RecordRow): string | null {
  return refused === null ? null : `refused by the nodes: ${refused.replace(/_/g, ' ')}`;
}

function sentOf({ hash }: RecordRow): string {
  return hash === null ? 'released' : 'sent';
}

/** The block of the payment is the first. */
function confirmationsOf(block: string, head: string | null): number {
  const above = BigInt(head ?? block) - BigInt(block);
  return above < 0n ? 1 : Number(above) + 1;
}

/** A payment is listed from its release on, an abandoned one once its void is final. */
const SELECT = `
  SELECT n.network, n.address, n.nonce::text, n.client_reference, n.asset, n.amount::text, n.recipient, n.state, n.outcome,
         n.cancel_asked_at IS NOT NULL OR n.purpose = 'void' AS cancelled, n.taken_back_at IS NOT NULL AS taken_back,
         coalesce(n.released_at, n.leased_at) AS since, t.hash, t.block_number::text, f.head_number::text,
         (SELECT r.refused_as FROM transaction r WHERE r.network = n.network AND r.address = n.address AND r.nonce = n.nonce ORDER BY r.signed_at DESC LIMIT 1) AS refused_as
    FROM nonce n
    LEFT JOIN chain_follower f ON f.network = n.network
    LEFT JOIN LATERAL (
      SELECT t.hash, t.block_number FROM transaction t
       WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND (t.sent_at IS NOT NULL OR t.block_number IS NOT NULL)
         AND (t.kind = 'payment' OR t.final_at IS NOT NULL)
       ORDER BY t.final_at IS NULL, t.block_number IS NULL, t.signed_at DESC LIMIT 1) t ON true
   WHERE n.withdrawal_id IS NOT NULL
     AND ((n.purpose = 'payment' AND n.state <> 'leased')
          OR (n.purpose = 'void' AND n.state = 'final'
              AND EXISTS (SELECT FROM submission s WHERE s.withdrawal_id = n.withdrawal_id AND s.state NOT IN ('refused','settled','failed'))))`;

/** Payments that were found on the chain alone. One that the signer has remembered since has a row of its own. */
const FORGOTTEN = `
  SELECT f.network, f.address, f.nonce::text, NULL AS client_reference, f.asset, f.amount::text, f.recipient, 'final' AS state, 'paid' AS outcome,
         false AS cancelled, false AS taken_back, f.noted_at AS since, f.hash, f.block_number::text, c.head_number::text, NULL AS refused_as
    FROM forgotten_transaction f LEFT JOIN chain_follower c ON c.network = f.network
   WHERE f.asset IS NOT NULL AND ${ONLY_FORGOTTEN}`;

const RECORDS_IN_TIME = `
  SELECT * FROM (${SELECT} UNION ALL ${FORGOTTEN}) r WHERE r.since >= $1 AND r.since <= $2 ORDER BY r.since, r.address, r.nonce LIMIT $3 OFFSET $4`;

const RECORDS_BY_REFERENCE = `${SELECT} AND n.client_reference = $1`;

const RECORD_OF_NONCE = `
  ${SELECT} AND n.network = $1 AND n.address = $2 AND n.nonce = $3
  UNION ALL ${FORGOTTEN} AND f.network = $1 AND f.address = $2 AND f.nonce = $3`;
