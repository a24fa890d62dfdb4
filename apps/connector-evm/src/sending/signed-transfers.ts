import { Injectable } from '@nestjs/common';
import type { Address, Hex } from 'viem';
import type { WithdrawalOrder } from '@sluice/connector-rules';
import type { Fees } from '@sluice/evm';
import { wireDestination } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { SignatureRequestDto, SignOutcome } from '@sluice/signer-api';
import { STORE_SIGNED } from '../lanes/lanes.js';
import { Signer } from './signer.js';
import { notReady, refused, type Unprepared, type WantedTransfer } from './wanted-transfer.js';

const SIGNER_AGAIN_MS = 2_000;
export interface LeasedTransfer extends NumberedNonce {
  readonly wanted: WantedTransfer;
}

type SignedOutcome =
  { readonly kind: 'signed'; readonly raw: Hex; readonly hash: Hex } | Unprepared;

/** Gets signatures and stores the bytes: no unrecorded payment is ever sent. */
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
    const answers = await this.signer.signAll(
      transfers.map((one) => paymentToSign(one, one.wanted.order)),
    );
    const outcomes = await Promise.all(
      transfers.map((one, index) => this.outcomeOf(one, answers[index])),
    );
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

  private async outcomeOf(
    transfer: LeasedTransfer,
    outcome: SignOutcome | undefined,
  ): Promise<SignedOutcome> {
    const { order } = transfer.wanted;
    if (outcome === undefined) throw new Error('the signer client left out a request');
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
          'the signer refused a payment: an operator must check it',
        );
        if (refusal === 'nonce_taken') return this.giveUp(transfer);
        if (refusal === 'withdrawal_elsewhere') return this.lookFirst(transfer, message);
        return refused('signer_refused', message);
      }
    }
  }

  /** The nonce was signed for another payment before: a void takes it, and the order gets another. */
  private async giveUp({ network, from, nonce }: LeasedTransfer): Promise<SignedOutcome> {
    await this.database.query(DETACH, [network, from, nonce]);
    return notReady('its nonce was signed for something else before', 0);
  }

  /** The order was signed before and may be paid: the signer's records come before any decision. */
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
  { from, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas }: NumberedNonce,
  kind: 'payment' | 'void' | 'top_up',
  { raw, hash }: { raw: string; hash: string },
) {
  return {
    hash,
    raw,
    kind,
    address: from,
    nonce: nonce.toString(),
    gas_limit: gasLimit.toString(),
    max_fee: maxFeePerGas.toString(),
    max_priority_fee: maxPriorityFeePerGas.toString(),
  };
}

/** Detaches the nonce: its outcome no longer affects the withdrawal. */
const DETACH = `
  UPDATE nonce SET purpose = 'void', withdrawal_id = NULL, client_reference = NULL, amount = 0, recipient = address
   WHERE network = $1 AND address = $2 AND nonce = $3 AND state = 'leased' AND purpose = 'payment'`;

// Counts as a second attempt: neither a cancel nor a deadline ends the order before the lookup.
const LOOK_FIRST = `
  WITH looked_up AS (
    UPDATE submission SET lookup_first = true, attempt = greatest(attempt, 2), next_action_at = clock_timestamp() WHERE withdrawal_id = $4 AND state = 'prepared')${DETACH}`;

/** A nonce of an address, and the maximum gas cost of the transaction. */
export interface NumberedNonce extends Fees {
  readonly network: string;
  readonly from: Address;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
}

export type PaymentTerms = Omit<WithdrawalOrder, 'form'>;

/** Signature request of a payment. The terms match the digest attested by the ledger. */
export function paymentToSign(numbered: NumberedNonce, order: PaymentTerms): SignatureRequestDto {
  return {
    ...common('payment', numbered),
    withdrawal_id: order.withdrawalId,
    account_id: order.accountId,
    asset: order.asset,
    amount: order.amount.toString(),
    fee: order.fee.toString(),
    destination: wireDestination(order.destination),
    client_reference: order.clientReference,
    digest: order.digest,
    receipt: order.signerReceipt ?? '',
  };
}

export function voidToSign(numbered: NumberedNonce): SignatureRequestDto {
  return common('void', numbered);
}

/** `amount` in units of the native coin. */
export function topUpToSign(
  numbered: NumberedNonce,
  to: Address,
  amount: string,
): SignatureRequestDto {
  return { ...common('top_up', numbered), to, amount };
}

function common(kind: SignatureRequestDto['kind'], numbered: NumberedNonce): SignatureRequestDto {
  return {
    kind,
    network: numbered.network,
    nonce: numbered.nonce.toString(),
    from: numbered.from,
    gas_limit: numbered.gasLimit.toString(),
    max_fee_per_gas: numbered.maxFeePerGas.toString(),
    max_priority_fee_per_gas: numbered.maxPriorityFeePerGas.toString(),
  };
}
