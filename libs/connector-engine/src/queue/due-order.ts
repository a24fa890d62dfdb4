import type { FormCapabilities, WithdrawalOrder } from '@sluice/connector-rules';
import { Amount, type Asset, destinationOf, type WireDestination } from '@sluice/kernel';

export type DueOrder = WithdrawalOrder & {
  readonly equalityKey: string | null;
  readonly attempt: number;
  /** Seal of the time at which the order was unsent. */
  readonly unsentSeal: string;
};

/** An order whose first attempt begins as the order is stored. */
export type NewOrder = WithdrawalOrder & Pick<DueOrder, 'attempt'>;

export interface PeekRow {
  withdrawal_id: string;
  asset: Asset;
  amount: string;
  destination: WireDestination;
  client_reference: string;
  equality_key: string | null;
  account_id: string;
  fee: string;
  digest: string;
  not_after: Date | null;
  order_mac: string;
  timed_receipt: string;
  signer_receipt: string | null;
  attempt: number;
  unsent_seal: string;
  /** Seals of the earlier attempts, oldest first; null before the second attempt. */
  earlier: readonly (string | null)[] | null;
}

export interface RepeatRow {
  withdrawal_id: string;
  client_reference: string;
  account_id: string;
  token: string;
  number: number;
  request: string;
  request_seal: string;
  asset: Asset;
  gross: string;
  evidence: Readonly<Record<string, string>>;
  traceparent: string | null;
}

export function orderOf({ form }: Pick<FormCapabilities, 'form'>, row: PeekRow): DueOrder {
  return {
    withdrawalId: row.withdrawal_id,
    form,
    asset: row.asset,
    amount: Amount.of(row.amount, row.asset),
    destination: destinationOf(row.destination),
    clientReference: row.client_reference,
    accountId: row.account_id,
    fee: Amount.of(row.fee, row.asset),
    digest: row.digest,
    signerReceipt: row.signer_receipt,
    equalityKey: row.equality_key,
    attempt: row.attempt,
    unsentSeal: row.unsent_seal,
  };
}
