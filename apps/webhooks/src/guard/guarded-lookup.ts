import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { UnknownNameError } from './name-resolver.js';
import { isPublicAddress } from './public-address.js';
import { isLoopback } from './webhook-url.js';

/** Resolves a name to all addresses, as text. Throws if the name has no address. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Why no connection is made: the name leads to where no webhook may go. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'forbidden_address';
}

const LOCAL_ADDRESSES = ['127.0.0.1'];

/**
 * Returns the addresses allowed for a connection to the name. A single forbidden address makes the
 * whole name forbidden: throws `ForbiddenAddressError`. Errors of `resolve` are passed through. If
 * loopback is allowed, `localhost` is this machine.
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
 * Returns a lookup function for sockets. The socket connects to a checked address, and a later
 * change of the name's resolution has no effect. Literal addresses bypass the lookup: the
 * connecting code must check a literal address first.
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
