import { Injectable } from '@nestjs/common';
import { crashAt } from '@sluice/crash-point';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Hex } from 'viem';
import { STORE_SIGNED } from '../lanes/lane-sql.js';
import { Signer } from './signer.js';
import { paymentToSign, type Numbered } from './sign.js';
import { notReady, refused, type Unprepared, type WantedTransfer } from './wanted-transfer.js';

const SIGNER_AGAIN_MS = 2_000;
export interface LeasedTransfer extends Numbered {
  readonly wanted: WantedTransfer;
}

type SignedOutcome =
  { readonly kind: 'signed'; readonly raw: Hex; readonly hash: Hex } | Unprepared;

/** Has payments signed and stores the bytes, so that none is ever sent that is not on record. */
@Injectable()
export class SignedTransfers {
  constructor(
    private readonly signer: Signer,
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** In the order of `transfers`. */
  async sign(network: string, transfers: readonly LeasedTransfer[]): Promise<SignedOutcome[]> {
    if (transfers.length === 0) return [];
    const outcomes = await Promise.all(transfers.map((one) => this.signOne(one)));
    const rows = outcomes.flatMap((outcome, index) => {
      const transfer = transfers[index];
      return outcome.kind === 'signed' && transfer ? [signedRow(transfer, 'payment', outcome)] : [];
    });
    if (rows.length > 0) {
      await this.database.query(STORE_SIGNED, [network, JSON.stringify(rows)]);
      crashAt('wallet.after-signature');
    }
    return outcomes;
  }

  private async signOne(transfer: LeasedTransfer): Promise<SignedOutcome> {
    const { order } = transfer.wanted;
    const outcome = await this.signer.sign(paymentToSign(transfer, order));
    switch (outcome.kind) {
      case 'signed':
        return { kind: 'signed', raw: outcome.raw as Hex, hash: outcome.hash as Hex };
      case 'not_now':
        return notReady(outcome.message, SIGNER_AGAIN_MS);
      case 'refused': {
        const { refusal, message } = outcome;
        if (refusal === 'receipt_expired') return refused('expired', message);
        this.logger.error(
          { withdrawalId: order.withdrawalId, refusal, message },
          'the signer refuses a payment: a person must look',
        );
        if (refusal === 'nonce_taken') return this.giveUp(transfer);
        if (refusal === 'withdrawal_elsewhere') return this.lookFirst(transfer, message);
        return refused('signer_refused', message);
      }
    }
  }

  /** Somebody had this nonce signed for another payment before, as after a restore: the order gets another one, and a void takes this. */
  private async giveUp({ network, from, nonce }: LeasedTransfer): Promise<SignedOutcome> {
    await this.database.query(DETACH, [network, from, nonce]);
    return notReady('its nonce was signed for something else before', 0);
  }

  /** It was signed before, as before a restore, and may be paid: what the signer remembers of it is looked up before anybody says a word on it. */
  private async lookFirst(
    { network, from, nonce, wanted }: LeasedTransfer,
    message: string,
  ): Promise<SignedOutcome> {
    await this.database.query(LOOK_FIRST, [network, from, nonce, wanted.order.withdrawalId]);
    return notReady(message, 0);
  }
}

/** A row of `STORE_SIGNED`. */
export function signedRow(
  { from, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas }: Numbered,
  kind: 'payment' | 'void' | 'top_up',
  { raw, hash }: { raw: string; hash: string },
) {
  return {
    ...{ hash, raw, kind, address: from, nonce: nonce.toString() },
    gas_limit: gasLimit.toString(),
    max_fee: maxFeePerGas.toString(),
    max_priority_fee: maxPriorityFeePerGas.toString(),
  };
}

/** What becomes of this nonce says nothing of the withdrawal from here on. */
const DETACH = `
  UPDATE nonce SET purpose = 'void', withdrawal_id = NULL, client_reference = NULL, amount = 0, recipient = address
   WHERE network = $1 AND address = $2 AND nonce = $3 AND state = 'leased' AND purpose = 'payment'`;

// A second attempt, of which the first is on record at the signer alone: so neither a cancel nor a deadline ends it before it was looked up.
const LOOK_FIRST = `
  WITH looked_up AS (
    UPDATE submission SET lookup_first = true, attempt = greatest(attempt, 2), next_action_at = clock_timestamp() WHERE withdrawal_id = $4 AND state = 'prepared')${DETACH}`;
