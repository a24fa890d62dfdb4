import { Injectable } from '@nestjs/common';
import type { Preparation } from '@sluice/connector-rules';
import { crashAt } from '@sluice/crash-point';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Hex } from 'viem';
import { STORE_SIGNED } from '../lanes/lane-sql.js';
import { Signer } from './signer.js';
import { paymentToSign, type Numbered } from './sign.js';
import { notReady, refused, type WantedTransfer } from './wanted-transfer.js';

const SIGNER_AGAIN_MS = 2_000;
/** It may be paid by that: nobody here may say that it is not. */
const SIGNED_BEFORE =
  'the signer has signed it under a nonce that is not on record here, as after a restore: whether it was paid by that, its chain knows';

export interface LeasedTransfer extends Numbered {
  readonly wanted: WantedTransfer;
}

export type SignedOutcome =
  | { readonly kind: 'signed'; readonly raw: Hex; readonly hash: Hex }
  | Exclude<Preparation, { kind: 'ready' }>;

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
        this.logger.error(
          { withdrawalId: order.withdrawalId, refusal, message },
          'the signer refuses a payment: a person must look',
        );
        if (refusal === 'nonce_taken') {
          await this.giveUp(transfer);
          return notReady('its nonce was signed for something else before', 0);
        }
        if (refusal === 'withdrawal_elsewhere') {
          await this.giveUp(transfer);
          return { kind: 'person_needed', cause: SIGNED_BEFORE };
        }
        return refused('signer_refused', message);
      }
    }
  }

  /** As after a restore: what the signer has signed for others, or not for this order, this order never pays with. A void takes the nonce. */
  private async giveUp({ network, from, nonce }: LeasedTransfer): Promise<void> {
    await this.database.query(DETACH, [network, from, nonce]);
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

const DETACH = `
  UPDATE nonce SET purpose = 'void', withdrawal_id = NULL, client_reference = NULL, amount = 0, recipient = address
   WHERE network = $1 AND address = $2 AND nonce = $3 AND state = 'leased' AND purpose = 'payment'`;
