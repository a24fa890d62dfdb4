import type { Fees } from '@sluice/evm';
import type { WithdrawalOrder } from '@sluice/connector-rules';
import { wireDestination } from '@sluice/kernel';
import type { SignatureRequestDto } from '@sluice/signer-api';
import type { Address } from 'viem';

/** A nonce of an address, and the maximum gas cost of the transaction. */
export interface NumberedNonce extends Fees {
  readonly network: string;
  readonly from: Address;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
}

export type PaymentTerms = Omit<WithdrawalOrder, 'form'>;

/**
 * Builds the signature request for a payment. The terms match the digest attested by the ledger,
 * therefore the signer need not trust this connector.
 */
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
