import type { PreparedRequest } from '@sluice/connector-rules';
import { isObject } from '@sluice/kernel';
import type { Address, Hex } from 'viem';

/** Stored and sent by an attempt: the nonce of the transfer and the signed bytes. */
export interface TransferRequest {
  readonly network: string;
  readonly from: Address;
  readonly nonce: bigint;
  readonly hash: Hex;
  readonly raw: Hex;
}

export function bodyOf({ network, from, nonce, hash, raw }: TransferRequest): string {
  return JSON.stringify({ network, from, nonce: nonce.toString(), hash, raw });
}

/** Throws for a body not written by this connector, because unknown bytes must not be sent. */
export function readBody({ body }: Pick<PreparedRequest, 'body'>): TransferRequest {
  const read: unknown = JSON.parse(body);
  if (!isObject(read)) throw new Error('a stored request that is no transfer must not be sent');
  const { network, from, nonce, hash, raw } = read;
  if (
    typeof network !== 'string' ||
    typeof nonce !== 'string' ||
    !isHex(from, 40) ||
    !isHex(hash, 64) ||
    typeof raw !== 'string' ||
    !/^0x02[0-9a-f]+$/.test(raw)
  )
    throw new Error('a stored request that is no transfer must not be sent');
  return { network, from, nonce: BigInt(nonce), hash, raw: raw as Hex };
}

/** Stable across replacements, because a nonce can be spent only once. */
export function venueReferenceOf({
  network,
  from,
  nonce,
}: Pick<TransferRequest, 'network' | 'from' | 'nonce'>): string {
  return `${network}:${from}:${nonce}`;
}

export function readVenueReference(
  text: string,
): Pick<TransferRequest, 'network' | 'from' | 'nonce'> | null {
  const [, network = '', from = '', nonce = ''] =
    /^([A-Z0-9_-]{1,32}):(0x[0-9a-fA-F]{40}):(\d{1,18})$/.exec(text) ?? [];
  return network === '' ? null : { network, from: from as Address, nonce: BigInt(nonce) };
}

function isHex(value: unknown, digits: number): value is Hex {
  return typeof value === 'string' && new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(value);
}
