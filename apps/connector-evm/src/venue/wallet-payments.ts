import { Injectable } from '@nestjs/common';
import type {
  Preparation,
  PreparedRequest,
  SubmitOutcome,
  VenueCancelOutcome,
  WithdrawalOrder,
} from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { Followers } from '../following/followers.js';
import { LetGoPayments } from '../sending/let-go.js';
import { readBody, readVenueReference } from '../sending/transfer-request.js';
import { TransferPreparer } from '../sending/transfer-preparer.js';

/** Payments of our own wallet, from the order to a cancel request. */
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
