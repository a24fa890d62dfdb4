import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { UnknownNameError } from './name-resolver.js';
import { isPublicAddress } from './public-address.js';
import { isLoopback } from './webhook-url.js';

/** All addresses of a name, as text. Throws when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Why no connection is made: the name leads to where no webhook may go. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'forbidden_address';
}

const LOCAL_ADDRESSES = ['127.0.0.1'];

/**
 * The addresses of a name that may be connected to: all that it has, or none of them where one is forbidden. Throws
 * `ForbiddenAddressError`, or what resolving it threw. Where loopback is allowed, `localhost` is this machine.
 */
export async function allowedAddresses(
  hostname: string,
  { resolve, allowLoopback }: { readonly resolve: Resolve; readonly allowLoopback: boolean },
): Promise<readonly string[]> {
  if (allowLoopback && isLoopback(hostname)) return LOCAL_ADDRESSES;
  const addresses = await resolve(hostname);
  if (!addresses.every(isPublicAddress))
    throw new ForbiddenAddressError(`${hostname} leads to an address that is not public`);
  return addresses;
}

/**
 * For a socket that is about to connect: it goes to one of the addresses that were looked at, so a name that resolves to something else a moment
 * later changes nothing. A literal address is never looked up: whoever connects has looked at it before.
 */
export function guardedLookup(rules: {
  readonly resolve: Resolve;
  readonly allowLoopback: boolean;
}): LookupFunction {
  return (hostname, { all }, callback) => {
    allowedAddresses(hostname, rules).then(
      (addresses) => {
        const found = addresses.map(lookupAddress);
        const [first] = found;
        if (all) callback(null, found);
        else if (first) callback(null, first.address, first.family);
        else callback(new UnknownNameError(`${hostname} has no address`), '');
      },
      (error: Error) => callback(error, all ? [] : ''),
    );
  };
}

function lookupAddress(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}
