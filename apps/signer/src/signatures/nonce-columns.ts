import { Amount } from '@sluice/kernel';
import type { NewNonce, NonceRow } from '../records/nonce-row.js';
import type { SignedNonce } from './book.js';

/** A row of `signed_nonce` with the highest gas cost of its signatures. */
export interface CostedRow extends NonceRow {
  readonly gas_cost: string | null;
}

export function placeColumns({ chainId, from, nonce }: SignedNonce['transfer']) {
  return { chain_id: `${chainId}`, address: from, nonce: `${nonce}` };
}

export function newNonceOf({ kind, withdrawalId, transfer, gasCost }: SignedNonce): NewNonce {
  return {
    ...placeColumns(transfer),
    kind,
    withdrawal_id: withdrawalId,
    recipient: transfer.to,
    token: transfer.token,
    units: `${transfer.amount}`,
    gas_asset: gasCost?.asset ?? '',
  };
}

export function nonceOf(row: CostedRow): SignedNonce {
  return {
    kind: row.kind,
    withdrawalId: row.withdrawal_id,
    transfer: {
      chainId: Number(row.chain_id),
      from: row.address,
      nonce: BigInt(row.nonce),
      to: row.recipient,
      token: row.token,
      amount: BigInt(row.units),
    },
    gasCost:
      row.gas_cost === null || row.gas_asset === '' ? null : Amount.of(row.gas_cost, row.gas_asset),
  };
}
