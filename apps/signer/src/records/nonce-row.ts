import type { Asset } from '@sluice/kernel';
import type { SignatureKind } from '@sluice/signer-api';
import type { Address } from 'viem';

/** A sending address of a chain. */
export interface NonceSender {
  readonly chain_id: string;
  readonly address: Address;
}

/** Columns of `signed_nonce` that a seal covers. */
export interface SealedColumns extends NonceSender {
  readonly nonce: string;
  readonly kind: SignatureKind;
  readonly withdrawal_id: string | null;
  readonly recipient: Address;
  readonly token: Address | null;
  readonly units: string;
  readonly gas_asset: Asset | '';
  /** Position among the assigned nonces of the address, from 1 without gaps. */
  readonly number: string;
}

/** A nonce before its number and seal. */
export type NewNonce = Omit<SealedColumns, 'number'>;

/** A row of `signed_nonce`. */
export interface NonceRow extends SealedColumns {
  readonly seal: string;
}

/** Name of the sender as a key of maps. */
export function senderKey({ chain_id, address }: NonceSender): string {
  return `${chain_id} ${address}`;
}

/** Describes a nonce for logs and findings. */
export function placeOf({
  chain_id,
  address,
  nonce,
}: NonceSender & { readonly nonce: string }): string {
  return `nonce ${nonce} of ${address} on chain ${chain_id}`;
}
